/** `npm run model -- inspect|adapt|check`: makes a model directory from an ONNX file, adapts such a file, checks a directory. */
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { adapt } from './adapt/adapt';
import { check } from './check';
import { inspect } from './inspect';
import { usualSeconds } from './patience';
import { colourFaults } from './terminal';
import { readShapes } from './trials/wanted-shapes';

const usage = `usage: npm run model -- inspect FILE.onnx [--out DIRECTORY] [--force] [--shape INPUT=SIZES] [--max INPUT=SIZES] [--single]
                                      [--tokenizer tokenizer.json]
       npm run model -- adapt FILE.onnx OUT.onnx [--shape INPUT=SIZES] [--force]
       npm run model -- check [DIRECTORY] [--quick] [--seconds N]

inspect reads the inputs and outputs of an ONNX file and writes a model directory with a card to complete.
--shape fixes sizes that the file leaves free, as in --shape x=-1,3,48,192, where -1 stays free; --max bounds those that
callers choose; both may be given once for each input. --single makes each instance a run of its own.
--tokenizer names the file of a tokenizer for a model that takes the ids of texts: callers then send the texts.
adapt writes a file with other sizes and proves by runs that its answers are the same: without --shape a fixed first size of
each input becomes free, so that rows can share a run; with it, a number fixes a free size, and -1 frees a fixed one.
check reports whether a model directory can be served, how fast it is, and what its endpoint looks like;
--quick skips the timings; --seconds bounds the whole (60), by fewer samples, comparisons and runs of a slow model.
The exit code is 0 if it can be served, 1 if there are faults, 2 if the command line is wrong.
DIRECTORY defaults to "model".`;

async function run(): Promise<boolean> {
  const { positionals, values } = readArguments();
  const [command, path, target] = positionals;
  if (values.help === true) {
    print([usage]);
    return true;
  }
  if (command === 'inspect' && path !== undefined) {
    const draft = {
      shapes: readShapes('shape', values.shape),
      limits: readShapes('max', values.max),
      isSingle: values.single ?? false,
    };
    const { out = 'model', force = false, tokenizer } = values;
    print(await inspect({ path, out: resolve(out), force, draft, tokenizer }));
    return true;
  }
  if (command === 'adapt' && path !== undefined && target !== undefined) {
    print(await adapt({ path, out: target, force: values.force ?? false, shapes: readShapes('shape', values.shape) }));
    return true;
  }
  if (command === 'check') {
    const seconds = readSeconds(values.seconds);
    const { lines, isGood } = await check(resolve(path ?? 'model'), { isTimed: values.quick !== true, seconds });
    print(lines);
    return isGood;
  }
  throw new TypeError(usage);
}

function readSeconds(word = String(usualSeconds)): number {
  if (/^[1-9]\d{0,3}$/.test(word)) return Number(word);
  throw new TypeError(`--seconds: expected an integer from 1 to 9999, got ${JSON.stringify(word)}.`);
}

function readArguments() {
  try {
    const flag = { type: 'boolean' } as const;
    const sizes = { type: 'string', multiple: true } as const;
    const name = { type: 'string' } as const;
    const own = { out: name, tokenizer: name, shape: sizes, max: sizes, single: flag, force: flag } as const;
    const options = { ...own, quick: flag, seconds: name, help: flag } as const;
    return parseArgs({ allowPositionals: true, options });
  } catch (failure) {
    throw new TypeError(`${(failure as Error).message}\n\n${usage}`);
  }
}

function print(lines: readonly string[]): void {
  const terminal = { isTTY: process.stdout.isTTY === true, noColor: process.env.NO_COLOR };
  process.stdout.write(`${colourFaults(lines, terminal).join('\n')}\n`);
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
