/** `npm run bench -- [all|threads|overload|soak|captures|tables|rows|explanation]`: what can only be timed. */
import { fileURLToPath } from 'node:url';
import { runSubcommand } from '../../deploy/subcommands.mjs';

const usage = `usage: npm run bench -- [all] [--light | --write]
       npm run bench -- threads [SECONDS]
       npm run bench -- overload [SECONDS] [ROWS]
       npm run bench -- soak [MINUTES] [--capture]
       npm run bench -- captures [ROUNDS]
       npm run bench -- tables [ROWS]
       npm run bench -- rows
       npm run bench -- explanation

all measures both hosts next to alternatives and prints tables; --light is a quick look, --write updates
  docs/explanation/benchmarks.md and the README.
threads measures inference threads with a slow model.
overload sends three times the capacity, soak sends mixed traffic; both exit with 1 if a promise is broken. With --capture, soak also
  captures all rows and compares the files with the answers.
captures compares the throughput of each host with and without CAPTURE=all.
tables sends a million rows as Arrow and CSV in one stream each, and as JSON in requests.
rows prints the nanoseconds it takes to count a row for drift.
explanation prints how many times longer an explanation takes than running the model on its rows.`;

const at = (name) => fileURLToPath(new URL(name, import.meta.url));

const programs = {
  all: [process.execPath, at('all.mjs')],
  threads: [process.execPath, at('threads.mjs')],
  overload: [process.execPath, at('overload.mjs')],
  soak: [process.execPath, at('soak.mjs')],
  captures: [process.execPath, at('captures.mjs')],
  tables: [process.execPath, at('tables.mjs')],
  rows: [process.execPath, at('count-rows.cjs')],
  explanation: [process.execPath, at('time-explanation.cjs')],
};

const words = process.argv.slice(2);
const isNamed = words[0] !== undefined && (words[0] === '--help' || !words[0].startsWith('--'));
await runSubcommand(usage, programs, isNamed ? words : ['all', ...words]);
