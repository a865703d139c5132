/** `npm run loop -- report|replay`: what captures and feedback say of a model, and of another version. */
import { writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { parseArgs } from 'node:util';
import { drawReport } from './draw-report';
import { printReplay } from './print-replay';
import { printReport } from './print-report';
import { replay } from './replay';
import { createReport } from './report';

const usage = `usage: npm run loop -- report CAPTURES [--model DIRECTORY] [--svg FILE]
       npm run loop -- replay CAPTURES --model DIRECTORY

report joins the captures in a directory with the feedback beside them, and prints how good the model was: in all and beside its
card's hold-out, by version, by day, and by bin of each feature. --svg draws that. --model is the directory of its card ("model").
replay asks the model in another directory what callers asked, and prints how often, by how much and where its answers differ and, where
there is feedback, which of the two was right and whether that is more than chance.
The exit code is 0, or 2 if the command line or the captures are wrong.`;

async function run(): Promise<void> {
  const { positionals, values } = readArguments();
  const [command, captures] = positionals;
  if (values.help === true) return print([usage]);
  if (captures === undefined || positionals.length > 2) throw new TypeError(usage);
  if (command === 'replay' && values.model !== undefined)
    return print(printReplay(await replay(resolve(captures), resolve(values.model))));
  if (command !== 'report') throw new TypeError(usage);
  const report = await createReport(resolve(captures), resolve(values.model ?? 'model'));
  print(printReport(report));
  if (values.svg !== undefined) writeFileSync(values.svg, drawReport(report));
}

function readArguments() {
  try {
    const name = { type: 'string' } as const;
    return parseArgs({ allowPositionals: true, options: { model: name, svg: name, help: { type: 'boolean' } } });
  } catch (failure) {
    throw new TypeError(`${(failure as Error).message}\n\n${usage}`);
  }
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

run().catch((failure: Error) => {
  process.stderr.write(`${failure.message}\n`);
  process.exitCode = 2;
});
