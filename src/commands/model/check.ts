/** `check`: reports whether a model directory can be served, how fast it is, and what its endpoint looks like. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../config';
import { toCompanions } from '../../model/acceptance/acceptance';
import {
  findMismatch,
  largestDifference,
  type Mismatch,
  readSamples,
  type Sample,
} from '../../model/acceptance/golden-samples';
import { checkGroups } from '../../model/acceptance/independence-by-sizes';
import { runJoined, type Trial } from '../../model/acceptance/row-independence';
import { describeMismatch } from '../../model/acceptance/sample-check';
import { toCallersCard } from '../../model/card/callers-card';
import { type Card, cardFileName, readCard } from '../../model/card/card';
import { createPlainExchange, type Exchange, type HookedExchange } from '../../model/hooks/exchange';
import { createHookedExchange } from '../../model/hooks/hooked-exchange';
import { compileValidators } from '../../model/instances/compile';
import { type Contract, createContract } from '../../model/instances/contract';
import { createPredictionWriters } from '../../model/predictions/tasks';
import { mostRowsOf } from '../../model/runtime/row-limit';
import { openSession, type Session } from '../../model/runtime/session';
import { measureColdStarts, type ServedMemory } from './cold-start';
import { todo } from './draft';
import { describeEndpoint } from './endpoint';
import { describeLargest, survivesSizes } from './largest-instance';
import { describeRuns, median } from './timing';

const coldStarts = 5;
/** How long rows are compared alone and in batches, after the first. */
const patienceMs = 10_000;

/** One line of the report; a fault prevents the model from being served. */
interface Finding {
  readonly subject: string;
  readonly text: string;
  readonly isFault?: boolean;
}

type Note = (subject: string, text: string, isFault?: boolean) => void;

export interface Report {
  readonly lines: readonly string[];
  readonly isGood: boolean;
}

export interface CheckOptions {
  /** Whether to time runs and cold starts, which takes some seconds and finds no faults. */
  readonly isTimed?: boolean;
}

/** Checks as much as possible, so that all faults are reported at once. */
export async function check(directory: string, { isTimed = true }: CheckOptions = {}): Promise<Report> {
  const findings: Finding[] = [];
  const note: Note = (subject, text, isFault = false) => findings.push({ subject, text, isFault });
  const checked = await attempt(note, 'card', () => checkCard(directory));
  const session =
    checked && (await attempt(note, 'weights', () => openSession(directory, checked.card, { threads: 1 })));
  if (checked === undefined || session === undefined) return toReport(findings);

  const { bytes, file } = checked.card.weights;
  note('weights', `${file}, ${bytes} bytes: hash and signature match the card`);
  await attempt(note, 'samples', () => checkRuns(session, { ...checked, directory, isTimed }, note));
  await session.release();
  if (!isTimed || findings.some(({ isFault }) => isFault)) return toReport(findings);

  const { seconds, memory, answer } = await measureColdStarts(directory, coldStarts);
  note(
    'start',
    `first prediction ${Math.round(1_000 * median(seconds))} ms after the start of server.ts (median of ${coldStarts})`,
  );
  note('memory', describeMemory(memory));
  return toReport(findings, describeEndpoint(toCallersCard(checked.card), readSamples(directory), answer));
}

type Checking = Checked & Required<CheckOptions> & { readonly directory: string };

async function checkRuns(session: Session, checked: Checking, note: Note): Promise<void> {
  const { card, exchange, directory, isTimed } = checked;
  const mostRows = mostRowsOf(session, card, readConfig().maxBatchRows);
  const samples = readSomeSamples(directory);
  const part = { instances: samples.map(({ instance }) => instance), pointer: '/samples', from: 0 };
  const rows = await exchange.toTensors(part);
  const outputs = await attempt(note, 'rows', () => runJoined(session.run, card, rows, mostRows));
  if (outputs === undefined) return;
  await attempt(note, 'samples', async () =>
    note('samples', compareSamples(checked, samples, await exchange.toAnswers(outputs, part))),
  );
  const survives = await attempt(note, 'sizes', () => survivesSizes(directory, card));
  const runs = { rows, outputs, mostRows };
  await attempt(note, 'rows', async () => note('rows', await describeIndependence(session, checked, runs)));
  if (!isTimed) return;
  await attempt(note, 'run', async () => note('run', await describeRuns(session, card, rows, mostRows)));
  const largest = survives === true ? await describeLargest(session, card) : undefined;
  if (largest !== undefined) note('largest', largest);
}

interface Checked {
  readonly card: Card;
  readonly contract: Contract;
  readonly exchange: Exchange | HookedExchange;
}

function checkCard(directory: string): Checked {
  if (!existsSync(join(directory, cardFileName))) throw new Error(`${directory} has no ${cardFileName}.`);
  const file = readCard(directory);
  const open = findTodos(file.card);
  if (open.length > 0) throw new Error(`still marked ${todo}: ${open.join(', ')}`);
  const { card } = file;
  const contract = createContract(card, directory, compileValidators(file));
  const parts = { card, directory, contract, write: createPredictionWriters(card) };
  const exchange = card.hooks === undefined ? createPlainExchange(parts) : createHookedExchange(parts, card.hooks);
  return { card, contract, exchange };
}

/** Paths of card members that are still marked TODO. */
function findTodos(value: unknown, path = ''): string[] {
  if (typeof value === 'string') return value.startsWith(todo) ? [path] : [];
  if (typeof value !== 'object' || value === null) return [];
  return Object.entries(value).flatMap(([key, member]) => findTodos(member, `${path}/${key}`));
}

function readSomeSamples(directory: string): readonly Sample[] {
  const samples = readSamples(directory);
  if (samples.length === 0)
    throw new Error('none found: expected at least one sample, to verify the predictions of the weights');
  return samples;
}

function compareSamples({ card, exchange }: Checked, samples: readonly Sample[], texts: readonly string[]): string {
  const misfits = texts.flatMap((text) => ('findMisfit' in exchange ? (exchange.findMisfit(text) ?? []) : []));
  if (misfits.length > 0) throw new Error(`an answer does not match the card's schema of predictions: ${misfits[0]}`);
  const answers = texts.map((text) => JSON.parse(text) as unknown);
  const found = samples.map(({ prediction }, i) => findMismatch(prediction, answers[i], card.tolerance));
  const largest = Math.max(...samples.map(({ prediction }, i) => largestDifference(prediction, answers[i])));
  const first = found.findIndex((mismatch) => mismatch !== undefined);
  const difference = `largest difference ${largest.toExponential(1)}`;
  if (first === -1) return `all ${samples.length} reproduced, ${difference}`;
  const count = found.filter((mismatch) => mismatch !== undefined).length;
  throw new Error(
    `${count} of ${samples.length} do not match, first sample ${first}: ` +
      `${describeMismatch(found[first] as Mismatch, card)}; ${difference}`,
  );
}

type Runs = Pick<Trial, 'rows' | 'outputs' | 'mostRows'>;

async function describeIndependence(session: Session, { card, contract }: Checked, runs: Runs): Promise<string> {
  const trial = {
    ...runs,
    compared: runs.rows.rows,
    companions: toCompanions(card, contract, runs.rows),
    patienceMs,
  };
  const { comparisons, largestDifference: largest } = await checkGroups(session, card, trial);
  if (card.runs === 'single') return 'each instance is a run of its own';
  if (runs.mostRows === 1)
    return `each runs alone${session.sizesDependOnData ? ': the output sizes of an operator depend on the data' : ''}`;
  return `same results alone, in a batch and in another order: ${comparisons} comparisons, largest difference ${largest.toExponential(1)}`;
}

function describeMemory({ megabytes, peakMegabytes, threads }: ServedMemory): string {
  const held = `${megabytes} MB used by server.ts after some requests`;
  const peak = peakMegabytes === undefined ? '' : `, ${peakMegabytes} MB at peak`;
  return `${held}${peak}; ${threads === 0 ? 'no inference threads' : `inference threads: ${threads}`}`;
}

async function attempt<Value>(
  note: Note,
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
  const faults = findings.filter(({ isFault }) => isFault).length;
  return { lines: [...lines, ...summarize(faults), ...endpoint], isGood: faults === 0 };
}

function summarize(faults: number): readonly string[] {
  if (faults === 0) return [];
  return ['', `${faults} fault${faults === 1 ? '' : 's'}: this model cannot be served yet.`];
}
