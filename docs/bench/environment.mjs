/** Says where and how the figures were measured: a number without its machine is no number. */
import { readdirSync } from 'node:fs';
import { cpus, loadavg, totalmem } from 'node:os';
import { join } from 'node:path';
import { root } from './contenders.mjs';

export function describeEnvironment({ load, cores, python }) {
  const parts = [
    `${cpus()[0]?.model.trim() ?? 'unknown processor'}, ${cpus().length} cores, ${Math.round(totalmem() / 2 ** 30)} GiB`,
    `Node.js ${process.versions.node}`,
    python.version && `Python ${python.version}`,
    load.title,
    cores.isPinned ? 'server and client on a core each' : 'server and client share the cores',
    new Date().toISOString().slice(0, 10),
  ];
  return `Measured on ${parts.filter(Boolean).join('; ')}.`;
}

export const describeBusyness = () => `load average before the run: ${loadavg()[0].toFixed(2)}`;

/** Whether the build has left compiled code for this version of Node, as a deploy does. */
export function hasCompileCache() {
  try {
    return readdirSync(join(root, 'dist/compile-cache')).some((name) => name.startsWith(`${process.version}-`));
  } catch {
    return false;
  }
}
