/** `npm run loop -- report|replay|rows|export|promote`: what captures and feedback say of a model, and the way to the next one. */
import { renameSync, writeFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { chooseSubcommand, readOptions, runCommand, UsageError } from '../command-line.cjs';
import { drawReport } from './draw-report';
import { exportCaptures } from './export';
import { withCaptures } from './fetch-captures';
import { readLabelledRows } from './labelled-rows';
import { printExport } from './print-export';
import { printPromotion } from './print-promotion';
import { printReplay } from './print-replay';
import { printReport } from './print-report';
import { printLeftOut, toLine } from './print-rows';
import { promote } from './promote';
import { replay } from './replay';
import { createReport } from './report';
import { toMetrics } from './report-metrics';

const usage = `usage: npm run loop -- report CAPTURES [--model DIRECTORY] [--svg FILE] [--metrics FILE]
       npm run loop -- replay CAPTURES --model DIRECTORY
       npm run loop -- rows CAPTURES [--model DIRECTORY] [--out FILE]
       npm run loop -- export CAPTURES --out FILE.parquet [--model DIRECTORY] [--force]
       npm run loop -- promote CAPTURES [--model DIRECTORY] [--anyway]

report joins the captures in a directory with the feedback beside them, and prints how good the model was: in all and beside its
card's hold-out, by version, by day, and by bin of each feature. --svg draws that; --metrics writes it for Prometheus,
as the alerts of deploy/alerts read it. --model is the directory of its card ("model").
replay asks the model in another directory what callers asked, and prints how often, by how much and where its answers differ and, where
there is feedback, which of the two was right and whether that is more than chance.
rows prints the rows with feedback as lines of JSON, for a training: one in five is to be kept from it ("use": "holdout").
export writes the rows with their feedback as a Parquet file, a column for each feature. --force replaces a file that is there.
promote makes the candidate in candidate/ below the model's directory the model. It refuses when the candidate is worse on the hold-out of
the cards or on the captured rows that were kept from training, or when that cannot be told; --anyway promotes all the same.
CAPTURES is a directory, or bigquery:PROJECT for what npm run deploy -- captures keeps there (with the command bq).
The exit code is 0, 1 if it failed or promote refused, 2 if the command line is wrong.`;

const name = { type: 'string' } as const;
const flag = { type: 'boolean', default: false } as const;

const commands = {
  async report(words: readonly string[]) {
    const options = { model: name, svg: name, metrics: name };
    const { values, positionals } = readOptions({ args: [...words], options }, 'CAPTURES');
    const { model = 'model', svg, metrics } = values;
    const report = await withCaptures(positionals, (captures) => createReport(captures, resolve(model)));
    print(printReport(report));
    if (svg !== undefined) writeFileSync(svg, drawReport(report));
    if (metrics !== undefined) replaceFile(metrics, toMetrics(report));
  },
  async replay(words: readonly string[]) {
    const { values, positionals } = readOptions({ args: [...words], options: { model: name } }, 'CAPTURES');
    const { model } = values;
    if (model === undefined) throw new UsageError('replay asks another model: expected --model=DIRECTORY.');
    print(printReplay(await withCaptures(positionals, (captures) => replay(captures, resolve(model)))));
  },
  async rows(words: readonly string[]) {
    const options = { model: name, out: name };
    const { values, positionals } = readOptions({ args: [...words], options }, 'CAPTURES');
    const { model = 'model', out } = values;
    const read = await withCaptures(positionals, (captures) => readLabelledRows(captures, resolve(model)));
    const text = read.rows.map((row) => `${toLine(row)}\n`).join('');
    if (out !== undefined) {
      writeFileSync(out, text, { mode: 0o600 });
      return print(printLeftOut(read));
    }
    // Standard output is for the rows.
    process.stderr.write(`${printLeftOut(read).join('\n')}\n`);
    process.stdout.write(text);
  },
  async export(words: readonly string[]) {
    const options = { model: name, out: name, force: flag };
    const { values, positionals } = readOptions({ args: [...words], options }, 'CAPTURES');
    const { model = 'model', out, force } = values;
    if (out === undefined) throw new UsageError('export writes a file: expected --out=FILE.parquet.');
    const exported = await withCaptures(positionals, (captures) =>
      exportCaptures({ captures, modelDirectory: resolve(model), out, force }),
    );
    print(printExport(out, exported));
  },
  async promote(words: readonly string[]) {
    const options = { model: name, anyway: flag };
    const { values, positionals } = readOptions({ args: [...words], options }, 'CAPTURES');
    const { model = 'model', anyway: isForced } = values;
    const promotion = await withCaptures(positionals, (captures) =>
      promote({ captures, modelDirectory: resolve(model), isForced }),
    );
    print(printPromotion(promotion, model));
    if (!promotion.isPromoted) process.exitCode = 1;
  },
};

/** At once: a collector may read it at any time. */
function replaceFile(path: string, text: string): void {
  const draft = `${path}.${process.pid}`;
  writeFileSync(draft, text);
  renameSync(draft, path);
}

function print(lines: readonly string[]): void {
  process.stdout.write(`${lines.join('\n')}\n`);
}

const names = Object.keys(commands) as (keyof typeof commands)[];
void runCommand(() =>
  chooseSubcommand(usage, names, process.argv.slice(2), (chosen, words) => commands[chosen](words)),
);
