/** Predicts each row of a CSV file, and shows the answers as a table to read and to download. */
import { type Prediction, predictTable } from './api';
import { byId, create, data, percent, readable, say } from './page';
import { takeFiles } from './pictures';
import { showProblem } from './problem';
import { type RowFile, readRowFile } from './row-file';
import { guard, toCsv, toPoint } from './table-text';
import { describe } from './values';
import { warningOf } from './warnings';

/** More are in the download only. */
const maxRows = 200;
/** The endpoint takes no larger bodies, and a page that holds more is slow. */
const maxBytes = 16 * 1024 * 1024;

let current = new AbortController();
let download: readonly (readonly string[])[] = [];

export function listenToBatch(): void {
  takeFiles(byId('batch-drop'), predictFile);
  byId('download').addEventListener('click', save);
}

async function predictFile(file: File): Promise<void> {
  current.abort();
  current = new AbortController();
  const { signal } = current;
  say(byId('batch-sum'), `Reading ${file.name}…`);
  try {
    if (file.size > maxBytes)
      throw new RangeError(
        `${file.name} has more than ${maxBytes / 2 ** 20} MB: use npm run predict, or send it to /predict.`,
      );
    const rows = readRowFile(file.name, await file.text());
    say(byId('batch-sum'), `Predicting ${countOf(rows.rows.length)}…`);
    const predictions = await predictTable(rows.csv, signal);
    showProblem('batch-problem');
    show(rows, predictions);
  } catch (failure) {
    if (signal.aborted) return;
    say(byId('batch-sum'), '');
    for (const id of ['batch', 'download']) byId(id).hidden = true;
    if (failure instanceof RangeError) {
      showProblem('batch-problem');
      say(byId('batch-sum'), failure.message);
    } else showProblem('batch-problem', failure);
  }
}

function show({ header, rows }: RowFile, predictions: readonly Prediction[]): void {
  const answers = predictions.map(toAnswer);
  const names = Object.keys(answers[0] ?? {});
  const odd = rows.map((row) => header.map((name, i) => oddOf(name, row[i] ?? '')));
  download = [
    [...names, 'outside training data', ...header],
    ...answers.map((answer, i) => [
      ...names.map((name) => answer[name] ?? ''),
      toNames(header, odd[i] ?? []),
      ...(rows[i] ?? []),
    ]),
  ];
  const flagged = odd.filter((row) => row.includes(true)).length;
  const cut = answers.length > maxRows ? `; the table shows the first ${maxRows}, the download all` : '';
  say(byId('batch-sum'), `${countOf(answers.length)}, ${flagged} of them outside of the training data${cut}.`);
  const lines = rows.slice(0, maxRows).map((row, i) => {
    const cells = row.map((cell, at) =>
      create('td', odd[i]?.[at] ? { class: 'is-odd' } : {}, odd[i]?.[at] ? `${cell} !` : cell),
    );
    return create(
      'tr',
      {},
      ...names.map((name) => create('th', { scope: 'row' }, toShown(name, answers[i]?.[name]))),
      ...cells,
    );
  });
  const heads = [...names, ...header].map((name) => create('th', { scope: 'col' }, name));
  const table = create(
    'table',
    { class: 'answers' },
    create('thead', {}, create('tr', {}, ...heads)),
    create('tbody', {}, ...lines),
  );
  byId('batch').replaceChildren(table);
  for (const id of ['batch', 'download']) byId(id).hidden = false;
}

const countOf = (rows: number) => (rows === 1 ? '1 row' : `${rows} rows`);

/** A prediction as named cells. */
function toAnswer({ label, probabilities, value, ...others }: Prediction): Readonly<Record<string, string>> {
  const members: Record<string, unknown> = { ...others };
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) Object.assign(members, value);
  else if (value !== undefined) members.prediction = value;
  if (label !== undefined) members.prediction = label;
  if (label !== undefined && probabilities !== undefined) members.probability = probabilities[label ?? ''] ?? null;
  return Object.fromEntries(
    Object.entries(members).map(([name, each]) => [name, typeof each === 'string' ? each : JSON.stringify(each)]),
  );
}

function toShown(name: string, text = ''): string {
  if (name === 'probability') return percent(Number(text));
  if (text !== '' && Number.isFinite(Number(text))) return readable(Number(text));
  return /^[[{]/.test(text) ? describe(JSON.parse(text)) : text;
}

function oddOf(name: string, cell: string): boolean {
  const feature = data.features.find((each) => each.name === name);
  return (
    feature !== undefined && cell !== '' && warningOf(feature, feature.kind === 'text' ? cell : toPoint(cell)) !== ''
  );
}

function toNames(header: readonly string[], odd: readonly boolean[]): string {
  return header.filter((_, i) => odd[i]).join(' ');
}

function save(): void {
  const url = URL.createObjectURL(new Blob([toCsv(download.map((line) => line.map(guard)))], { type: 'text/csv' }));
  create('a', { href: url, download: `${data.model}-predictions.csv` }).click();
  URL.revokeObjectURL(url);
}
