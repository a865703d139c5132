/** `npm run predict -- IN OUT`: answers the rows of a file into another. */
import { statSync } from 'node:fs';
import { resolve } from 'node:path';
import { asksForHelp, readOptions, runCommand } from '../command-line.cjs';
import { predictFile } from './predict-file';

const usage = `usage: npm run predict -- IN OUT [--model DIRECTORY] [--coverage SHARE] [--force]

Predicts each row of IN and writes OUT, in the same order. Each is CSV (.csv), JSON lines (.ndjson, .jsonl) or an Arrow stream
(.arrow, .arrows). Rows are processed in parts, so a file may be larger than memory.
--coverage=0.9 adds label sets or intervals that contain the truth for that share of rows.
An interrupted run continues where it stopped; --force starts again and replaces OUT.
DIRECTORY defaults to "model". The exit code is 0 if all rows are predicted, 1 if not, 2 if the command line is wrong.`;

const bytesPerMb = 1e6;
const shownMs = 200;

async function run(): Promise<void> {
  const words = process.argv.slice(2);
  if (asksForHelp(words)) return console.log(usage);
  const options = {
    model: { type: 'string' },
    coverage: { type: 'string' },
    force: { type: 'boolean', default: false },
  } as const;
  const { positionals, values } = readOptions({ args: words, options }, 'IN OUT');
  const [input = '', output = ''] = positionals;
  const startedAt = performance.now();
  const rows = await predictFile({
    input,
    output,
    model: resolve(values.model ?? 'model'),
    coverage: values.coverage,
    force: values.force,
    progressed: createShow(input),
  });
  const seconds = (performance.now() - startedAt) / 1_000;
  process.stdout.write(`${output}: ${rows} ${rows === 1 ? 'row' : 'rows'} in ${seconds.toFixed(1)} s\n`);
}

/** One line that changes, on a terminal only. */
function createShow(input: string): (rows: number, bytes: number) => void {
  if (process.stderr.isTTY !== true) return () => undefined;
  const { size } = statSync(input, { throwIfNoEntry: false }) ?? { size: 0 };
  let shownAt = 0;
  return (rows, bytes) => {
    if (performance.now() - shownAt < shownMs && bytes < size) return;
    shownAt = performance.now();
    const share = size === 0 ? 100 : Math.floor((100 * bytes) / size);
    const text = `${share} % · ${rows} rows · ${(bytes / bytesPerMb).toFixed(0)} of ${(size / bytesPerMb).toFixed(0)} MB`;
    process.stderr.write(`\r${text}\u001b[K${bytes >= size ? '\n' : ''}`);
  };
}

void runCommand(run);
