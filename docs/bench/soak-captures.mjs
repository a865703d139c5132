/** Captures during a soak: a model with a private feature, ids for all rows, and a comparison of every byte written with what was answered. */
import {
  cpSync,
  createReadStream,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { root } from './contenders.mjs';

const { readTable } = createRequire(import.meta.url)(join(root, 'dist/commands/loop/read-table.js'));

/** Taken from the private value of each row: no other number has these digits, and the answer stays: a tree asks for at most a value. */
const mark = 0.0000123;
const marked = /\d\.\d99987\d/;
const privateFeature = 1;

/** How many rows each id has, and whether they were answered: the others may be captured, as those of callers who left. */
export function createLedger() {
  const rowsOf = [];
  const isAnswered = [];
  let lastAnswered = '0';
  let feedbacks = 0;

  /** The ids of one request. */
  function open() {
    const own = [];
    return {
      name(rows) {
        const id = rowsOf.push(rows.length) - 1;
        own.push(id);
        return String(id);
      },
      answered() {
        for (const id of own) isAnswered[id] = true;
        lastAnswered = String(own[0]);
      },
    };
  }

  return {
    open,
    /** Of a prediction to send feedback for. */
    pickId: () => lastAnswered,
    told: () => void feedbacks++,
    read: () => ({ rowsOf, isAnswered, feedbacks }),
  };
}

/** Where a server with captures writes, and what it serves. */
export function createPlace() {
  const directory = mkdtempSync(join(tmpdir(), 'soak-'));
  const [model, captures, log] = ['model', 'captures', 'log'].map((name) => join(directory, name));
  cpSync(join(root, 'model'), model, { recursive: true });
  mkdirSync(captures);
  const card = JSON.parse(readFileSync(join(model, 'card.json'), 'utf8'));
  card.features[privateFeature].private = true;
  writeFileSync(join(model, 'card.json'), JSON.stringify(card));
  const env = {
    MODEL_DIR: model,
    CAPTURE: 'all',
    CAPTURE_TO: captures,
    CAPTURE_MAX_BYTES: String(1e12),
    LOG_INPUTS: 'sample',
  };

  return {
    toCapturing: (contender) => ({
      ...contender,
      command: ['/bin/sh', '-c', `exec "$0" "$@" >${log}`, ...contender.command],
      env: { ...contender.env, ...env },
    }),
    compare: (ledger) => compare([log, ...readdirSync(captures).map((name) => join(captures, name))], ledger.read()),
    remove: () => rmSync(directory, { recursive: true }),
  };
}

/** The same rows with a private value that is found wherever it is written. */
export function markRows(rows) {
  return rows.map(({ instance, prediction }) => ({
    instance: instance.map((value, i) => (i === privateFeature ? Number((value - mark).toFixed(7)) : value)),
    prediction,
  }));
}

function show(line, counts) {
  counts.private++;
  console.error(`Private: ${line.slice(0, 300)}`);
}

/** Of a file in columns those that its rows would be; one that cannot be read to its end ends the soak. */
function linesOf(path) {
  return path.endsWith('.arrows') ? readTable(path) : createInterface({ input: createReadStream(path) });
}

/** Counts rows that are there twice, or missing, and whatever else must not be there. */
async function compare(paths, { rowsOf, isAnswered, feedbacks }) {
  const counts = {
    bytes: 0,
    rows: 0,
    twice: 0,
    missing: 0,
    unasked: 0,
    private: 0,
    feedbacks: 0,
    unwrittenFeedbacks: 0,
  };
  const written = new Uint32Array(rowsOf.length);
  const next = new Uint32Array(rowsOf.length);

  function count({ id, firstRow = 0, feedback, predictions }) {
    if (feedback !== undefined) counts.feedbacks++;
    // The bench asks a first time without an id.
    if (feedback !== undefined || rowsOf[id] === undefined) return;
    if (firstRow < next[id]) counts.twice += predictions.length;
    next[id] = firstRow + predictions.length;
    written[id] += predictions.length;
    counts.rows += predictions.length;
  }

  for (const path of paths) {
    counts.bytes += statSync(path).size;
    for await (const line of linesOf(path)) {
      if (marked.test(line)) show(line, counts);
      if (line.startsWith('{"id":"')) count(JSON.parse(line));
    }
  }
  for (const [id, rows] of rowsOf.entries()) {
    if (isAnswered[id]) counts.missing += Math.max(0, rows - written[id]);
    counts.unasked += Math.max(0, written[id] - rows);
  }
  counts.unwrittenFeedbacks = feedbacks - counts.feedbacks;
  return counts;
}
