/** `npm run model -- inspect|check`: makes a model directory from an ONNX file, and checks one. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { check } from './check';
import { inspect } from './inspect';

const usage = `usage: npm run model -- inspect FILE.onnx [--out DIRECTORY] [--force]
       npm run model -- check [DIRECTORY] [--quick]

inspect reads the inputs and outputs of an ONNX file and writes a model directory with a card to complete.
check reports whether a model directory can be served, how fast it is, and what its endpoint looks like;
--quick skips the timings.
DIRECTORY defaults to "model".`;

async function run(): Promise<boolean> {
  const { positionals, values } = readArguments();
  const [command, path] = positionals;
  if (values.help === true) {
    print([usage]);
    return true;
  }
  if (command === 'inspect' && path !== undefined) {
    print(await inspect({ path, out: resolve(values.out ?? 'model'), force: values.force ?? false }));
    return true;
  }
  if (command === 'check') {
    const { lines, isGood } = await check(resolve(path ?? 'model'), { isTimed: values.quick !== true });
    print(lines);
    return isGood;
  }
  throw new TypeError(usage);
}

function readArguments() {
  try {
    const flag = { type: 'boolean' } as const;
    const options = { out: { type: 'string' }, force: flag, quick: flag, help: flag } as const;
    return parseArgs({ allowPositionals: true, options });
  } catch (failure) {
    throw new TypeError(`${(failure as Error).message}\n\n${usage}`);
  }
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

run().then(
  (isGood) => {
    process.exitCode = isGood ? 0 : 1;
  },
  (failure: Error) => {
    process.stderr.write(`${failure.message}\n`);
    process.exitCode = failure instanceof TypeError ? 2 : 1;
  },
);
