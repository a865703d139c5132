/** Loads the hooks of a card: built by the build, or as they are where they are JavaScript without a build. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { codeDirectory } from '../../directory';
import { sha256 } from '../../sha256';
import type { HooksSpec } from '../card/hooks';
import { ModelRefusal } from '../card/refusal';

export interface Hooks {
  readonly before?: (instance: unknown) => unknown;
  readonly after?: (prediction: unknown, instance: unknown) => unknown;
}

/** Where the build puts hooks, by the hash of their source. */
export const toBuiltHooks = (hash: string) => join(codeDirectory, 'model/hooks', `built-${hash}.js`);

/** Throws an error that says which hash was found. */
export function readHooksSource(directory: string, { file, sha256: expected }: HooksSpec): Buffer {
  const source = readFileSync(join(directory, file));
  const found = sha256(source);
  if (found === expected) return source;
  throw new ModelRefusal(`${file} does not match its card: expected sha256 ${expected}, got ${found}.`);
}

export function loadHooks(directory: string, spec: HooksSpec): Hooks {
  const built = toBuiltHooks(spec.sha256);
  const hooks = loadIfThere(built) ?? loadPlain(directory, spec);
  const strange = ['before', 'after'].filter((name) => !isHook(hooks, name));
  if (strange.length > 0 || (hooks.before === undefined && hooks.after === undefined))
    throw new ModelRefusal(
      `${spec.file} exports ${Object.keys(hooks).join(', ') || 'nothing'}: expected a function before, a function after, or both.`,
    );
  return hooks;
}

function isHook(hooks: Hooks, name: string): boolean {
  const hook = (hooks as Readonly<Record<string, unknown>>)[name];
  return hook === undefined || typeof hook === 'function';
}

function loadIfThere(file: string): Hooks | undefined {
  try {
    return require(file) as Hooks;
  } catch (failure) {
    const { code, message } = failure as NodeJS.ErrnoException;
    if (code === 'MODULE_NOT_FOUND' && message.includes(file)) return undefined;
    throw failure;
  }
}

function loadPlain(directory: string, spec: HooksSpec): Hooks {
  readHooksSource(directory, spec);
  if (!/\.js$/.test(spec.file))
    throw new ModelRefusal(
      `${spec.file} is not built: expected it in dist/. Run npm run build with MODEL_DIR set to ${directory}.`,
    );
  return require(join(directory, spec.file)) as Hooks;
}
