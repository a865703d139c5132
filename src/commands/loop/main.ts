/** `npm run loop -- report|replay|rows|export|promote`: what captures and feedback say of a model, and the way to the next one. */
import { lstatSync, renameSync, writeFileSync } from 'node:fs';
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

report joins captures with their feedback and prints how good the model was: overall and next to the card's hold-out figure, by version,
by day, and by bin of each feature. --svg draws the report; --metrics writes the scores for Prometheus and the alerts in deploy/alerts.
--model is the directory of the card (default "model").
replay runs the captured requests on the model in another directory and prints how often, by how much and where its predictions differ;
with feedback, also which of the two was right more often, and whether that is more than chance.
rows prints the rows with feedback as JSON lines for training; one in five is to be kept aside ("use": "holdout").
export writes the rows with their feedback to a Parquet file, one column per feature. --force replaces an existing file.
promote replaces the model with the candidate in its directory candidate/. It refuses if the candidate is worse on the cards' hold-out or on the
captured rows kept aside from training, or if there are no such rows; --anyway promotes it nevertheless.
CAPTURES is a directory, or bigquery:PROJECT for what npm run deploy -- captures collects there (needs the command bq).
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

/** At once: a collector may read it at any time. A device or a pipe, such as /dev/stdout, is written to. */
function replaceFile(path: string, text: string): void {
  if (lstatSync(path, { throwIfNoEntry: false })?.isFile() === false) return writeFileSync(path, text);
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
