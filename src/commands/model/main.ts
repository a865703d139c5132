/** `npm run model -- inspect|adapt|check`: makes a model directory from an ONNX file, adapts such a file, checks a directory. */
import { resolve } from 'node:path';
import { chooseSubcommand, readOptions, runCommand, UsageError } from '../command-line.cjs';
import { requireFile } from '../named-paths';
import { adapt } from './adapt/adapt';
import { check } from './check';
import { inspect } from './inspect';
import { usualSeconds } from './patience';
import { createReporter } from './terminal';
import { readShapes } from './trials/wanted-shapes';

const usage = `usage: npm run model -- inspect FILE.onnx [--out DIRECTORY] [--force] [--shape INPUT=SIZES] [--max INPUT=SIZES] [--single]
                                      [--tokenizer tokenizer.json]
       npm run model -- adapt FILE.onnx OUT.onnx [--shape INPUT=SIZES] [--force]
       npm run model -- check [DIRECTORY] [--quick] [--seconds N]

inspect reads the inputs and outputs of an ONNX file and creates a model directory with a card for you to complete.
--shape fixes free sizes, as in --shape x=-1,3,48,192, where -1 stays free; --max limits the sizes that callers choose;
repeat either for each input. --single runs the model for one instance at a time.
--tokenizer names a tokenizer file for a model that takes token ids: callers then send text.
adapt writes a copy with other sizes and runs both to prove that their answers are equal. Without --shape, it frees a fixed first
size of each input, so that rows can share a run; with it, a number fixes a free size, and -1 frees a fixed one.
check reports whether a model directory can be served, how fast it is, and what its endpoint looks like;
--quick skips the timings; --seconds limits the time (default 60) by using fewer samples and runs of a slow model.
The exit code is 0, 1 if a command failed or check found faults, 2 if the command line is wrong.
DIRECTORY defaults to "model". Faults are red on a terminal; NO_COLOR and FORCE_COLOR override this.`;

const flag = { type: 'boolean', default: false } as const;
const name = { type: 'string' } as const;
const sizes = { type: 'string', multiple: true } as const;

const commands = {
  async inspect(words: readonly string[]) {
    const options = { out: name, tokenizer: name, shape: sizes, max: sizes, single: flag, force: flag };
    const { values, positionals } = readOptions({ args: [...words], options }, 'FILE.onnx');
    const [path = ''] = positionals;
    const { out = 'model', force, tokenizer, single: isSingle } = values;
    const draft = { shapes: readShapes('shape', values.shape), limits: readShapes('max', values.max), isSingle };
    for (const file of [path, ...(tokenizer === undefined ? [] : [tokenizer])]) requireFile(file);
    print(await inspect({ path, out: resolve(out), force, draft, tokenizer }));
  },
  async adapt(words: readonly string[]) {
    const options = { shape: sizes, force: flag };
    const { values, positionals } = readOptions({ args: [...words], options }, 'FILE.onnx OUT.onnx');
    const [path = '', out = ''] = positionals;
    print(await adapt({ path, out, force: values.force, shapes: readShapes('shape', values.shape) }));
  },
  async check(words: readonly string[]) {
    const options = { quick: flag, seconds: name };
    const { values, positionals } = readOptions({ args: [...words], options }, '[DIRECTORY]');
    const [directory = 'model'] = positionals;
    const limits = { isTimed: !values.quick, seconds: readSeconds(values.seconds) };
    const reporter = createReporter(process.stdout, process.env);
    if (!(await check(resolve(directory), limits, reporter))) process.exitCode = 1;
  },
};

function readSeconds(word = String(usualSeconds)): number {
  if (/^[1-9]\d{0,3}$/.test(word)) return Number(word);
  throw new UsageError(`--seconds is ${JSON.stringify(word)}: expected an integer from 1 to 9999.`);
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

const names = Object.keys(commands) as (keyof typeof commands)[];
void runCommand(() =>
  chooseSubcommand(usage, names, process.argv.slice(2), (chosen, words) => commands[chosen](words)),
);
