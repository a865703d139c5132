/** A group of processes that the kernel ends beyond so many bytes, where it lets us make one: as a container does. */
import { existsSync, mkdirSync, rmdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';

export interface MemoryGroup {
  /** Words before a program that runs it in the group. */
  readonly through: readonly string[];
  /** To be called when its processes have ended. */
  remove(): void;
}

/** Version 1 of control groups and version 2: where they are, and the file that holds the limit. */
const kinds = [
  { root: '/sys/fs/cgroup/memory', file: 'memory.limit_in_bytes' },
  { root: '/sys/fs/cgroup', file: 'memory.max' },
] as const;

/** Undefined where no group can be made: that takes rights that few have. */
export function createMemoryGroup(bytes: number): MemoryGroup | undefined {
  for (const { root, file } of kinds) {
    const directory = join(root, `test-${process.pid}-${Date.now()}`);
    try {
      mkdirSync(directory);
    } catch {
      continue;
    }
    if (!existsSync(join(directory, file)) || !limit(join(directory, file), bytes)) {
      rmdirSync(directory);
      continue;
    }
    const enter = `echo $$ > ${directory}/cgroup.procs && exec "$@"`;
    return { through: ['sh', '-c', enter, 'sh'], remove: () => rmdirSync(directory) };
  }
  return undefined;
}

function limit(file: string, bytes: number): boolean {
  try {
    writeFileSync(file, String(bytes));
    return true;
  } catch {
    return false;
  }
}
