/** `check`: whether a model directory can be served, how it performs here, and what its endpoint will look like. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { type Card, cardFileName, readCard } from '../model/card';
import { compileValidators } from '../model/compile';
import { type Contract, createContract } from '../model/contract';
import { toSampleRows } from '../model/golden';
import { createPredictionWriters } from '../model/prediction';
import { isSamePrediction, readSamples, type Sample } from '../model/samples';
import { openSession, type Session } from '../model/session';
import { joinRows, type Tensors } from '../model/tensors';
import { measureColdStarts } from './cold-start';
import { todo } from './draft';
import { describeEndpoint } from './endpoint';
import { median, timeRuns } from './timing';

const manyRows = 64;
const coldStarts = 5;

/** One line of the report; a fault is what keeps the model from being served. */
interface Finding {
  readonly subject: string;
  readonly text: string;
  readonly isFault?: boolean;
}

export interface Report {
  readonly lines: readonly string[];
  readonly isGood: boolean;
}

export interface CheckOptions {
  /** Whether runs and cold starts are timed, which takes some seconds and finds no faults. */
  readonly isTimed?: boolean;
}

/** Looks at everything that can be looked at, so that all faults are told at once. */
export async function check(directory: string, { isTimed = true }: CheckOptions = {}): Promise<Report> {
  const findings: Finding[] = [];
  const note = (subject: string, text: string, isFault = false) => findings.push({ subject, text, isFault });
  const card = await attempt(note, 'card', () => checkCard(directory));
  const session = card && (await attempt(note, 'weights', () => openSession(directory, card.card, { threads: 1 })));
  if (card === undefined || session === undefined) return toReport(findings);

  const { bytes, file } = card.card.weights;
  note('weights', `${file}, ${bytes} bytes: hash and signature are those of the card`);
  const rows = await attempt(note, 'samples', () => toSampleRows(readSomeSamples(directory), card.contract));
  if (rows !== undefined) {
    await attempt(note, 'samples', async () =>
      note('samples', await compareSamples(session, card.card, directory, rows)),
    );
    if (isTimed) await attempt(note, 'run', async () => note('run', await describeRuns(session, card.card, rows)));
  }
  await session.release();
  if (!isTimed || findings.some(({ isFault }) => isFault)) return toReport(findings);

  const { seconds, megabytes, answer } = await measureColdStarts(directory, coldStarts);
  note(
    'start',
    `first prediction ${Math.round(1_000 * median(seconds))} ms after the start of server.ts (median of ${coldStarts}), ${megabytes} MB`,
  );
  return toReport(findings, describeEndpoint(card.card, readSamples(directory), answer));
}

interface Checked {
  readonly card: Card;
  readonly contract: Contract;
}

function checkCard(directory: string): Checked {
  if (!existsSync(join(directory, cardFileName))) throw new Error(`${directory} has no ${cardFileName}.`);
  const file = readCard(directory);
  const open = findTodos(file.card);
  if (open.length > 0) throw new Error(`still to be written: ${open.join(', ')}`);
  return { card: file.card, contract: createContract(file.card, compileValidators(file, directory)) };
}

/** Places in the card whose text still says what is to be written there. */
function findTodos(value: unknown, path = ''): string[] {
  if (typeof value === 'string') return value.startsWith(todo) ? [path] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => findTodos(member, `${path}/${key}`));
}

function readSomeSamples(directory: string): readonly Sample[] {
  const samples = readSamples(directory);
  if (samples.length === 0)
    throw new Error('there are none; without them nobody knows whether the weights answer as they should');
  return samples;
}

async function compareSamples({ run }: Session, card: Card, directory: string, rows: Tensors): Promise<string> {
  const outputs = await run(() => rows);
  const { prediction: write } = createPredictionWriters(card);
  const samples = readSamples(directory);
  const answers = samples.map((_, row) => JSON.parse(write(outputs, row)) as unknown);
  const wrong = samples.findIndex(({ prediction }, i) => !isSamePrediction(prediction, answers[i], card.tolerance));
  if (wrong !== -1) {
    const { instance, prediction } = samples[wrong] as Sample;
    const count = samples.filter((each, i) => !isSamePrediction(each.prediction, answers[i], card.tolerance)).length;
    throw new Error(
      `${count} of ${samples.length} are answered otherwise, first number ${wrong}: for ${JSON.stringify(instance)} ` +
        `expected ${JSON.stringify(prediction)}, came ${JSON.stringify(answers[wrong])}`,
    );
  }
  const largest = Math.max(...samples.map(({ prediction }, i) => distance(prediction, answers[i])));
  return `all ${samples.length} repeated, the largest difference of a number is ${largest.toExponential(1)}`;
}

/** The largest difference between numbers in the same place of two predictions of the same form. */
function distance(expected: unknown, came: unknown): number {
  if (typeof expected === 'number') return Math.abs(expected - Number(came));
  if (typeof expected !== 'object' || expected === null) return 0;
  const members = Object.entries(expected).map(([key, member]) =>
    distance(member, (came as Record<string, unknown>)[key]),
  );
  return Math.max(0, ...members);
}

async function describeRuns({ run }: Session, card: Card, rows: Tensors): Promise<string> {
  const span = { tensors: rows, from: 0, to: 1 };
  const one = joinRows(card.inputs, [span]);
  const many = joinRows(
    card.inputs,
    Array.from({ length: manyRows }, () => span),
  );
  const [oneMs, manyMs] = [await timeRuns(run, one), await timeRuns(run, many)];
  return `1 row in ${oneMs.toFixed(3)} ms, ${manyRows} rows in ${manyMs.toFixed(3)} ms`;
}

async function attempt<Value>(
  note: (subject: string, text: string, isFault: boolean) => void,
  subject: string,
  work: () => Promise<Value> | Value,
): Promise<Value | undefined> {
  try {
    return await work();
  } catch (failure) {
    note(subject, (failure as Error).message, true);
    return undefined;
  }
}

function toReport(findings: readonly Finding[], endpoint: readonly string[] = []): Report {
  const lines = findings.map(
    ({ subject, text, isFault }) => `${isFault === true ? 'FAULT ' : ''}${subject.padEnd(9)} ${text}`,
  );
  return { lines: [...lines, ...endpoint], isGood: !findings.some(({ isFault }) => isFault) };
}
