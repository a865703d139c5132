/**
 * Measures the files of a deploy: `node .ci/weigh.mjs DIRECTORY` prints the size table of docs/guides/deploy.md. Fails when
 * that states other figures, or when the deploy exceeds its limits.
 */
import { lstatSync, readdirSync, readFileSync } from 'node:fs';
import { join, sep } from 'node:path';

const most = { mb: 53, files: 50 };
/** Other versions of Node.js and of transitive dependencies change the figures by less than this. */
const tolerance = { mb: 1, share: 0.05 };
const bytesPerMb = 1e6;

const parts = [
  ["ONNX Runtime's library for this platform", /^node_modules\/onnxruntime-/],
  ['what starts the function in the place of functions-framework', /^node_modules\//],
  ['the function with functions-framework, and its code cache', /^dist\/(function|index)\./],
  ['the service, and its code cache', /^dist\/(service|server)\./],
  ['`npm run predict`, for jobs', /^dist\/predict\./],
  ['the rest of `dist/`: threads, validators, page, licences', /^dist\//],
  ['`model/` and settings', /^/],
];

function weigh(directory) {
  const rows = parts.map(([title]) => ({ title, bytes: 0, files: 0 }));
  for (const path of readdirSync(directory, { recursive: true, encoding: 'utf8' })) {
    const status = lstatSync(join(directory, path));
    const name = path.split(sep).join('/');
    if (!status.isFile()) continue;
    const row = rows[parts.findIndex(([, pattern]) => pattern.test(name))];
    row.bytes += status.size;
    row.files += 1;
  }
  const sum = (member) => rows.reduce((total, row) => total + row[member], 0);
  return [...rows, { title: 'together', bytes: sum('bytes'), files: sum('files') }];
}

function toMb(bytes) {
  return (bytes / bytesPerMb).toFixed(1);
}

function toLine({ title, bytes, files }) {
  return `| ${title} | ${toMb(bytes)} | ${files} |`;
}

function isStated({ title, bytes, files }) {
  const line = guide.split('\n').find((text) => text.startsWith(`| ${title} |`));
  const [mb, count] = (line ?? '').split('|').slice(2, 4).map(Number);
  return Math.abs(mb - bytes / bytesPerMb) <= tolerance.mb && Math.abs(count - files) <= 5 + files * tolerance.share;
}

const [, , directory = '.'] = process.argv;
const rows = weigh(directory);
console.log(['| part | MB | files |', '|---|--:|--:|', ...rows.map(toLine)].join('\n'));
const guide = readFileSync(new URL('../docs/guides/deploy.md', import.meta.url), 'utf8');
const { bytes, files } = rows.at(-1);
const faults = [
  ...rows
    .filter((row) => !isStated(row))
    .map(({ title }) => `docs/guides/deploy.md: the row "${title}" is out of date or missing: copy the one above.`),
  ...(bytes > most.mb * bytesPerMb ? [`The deploy has ${toMb(bytes)} MB: expected at most ${most.mb}.`] : []),
  ...(files > most.files ? [`The deploy has ${files} files: expected at most ${most.files}.`] : []),
];
for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
