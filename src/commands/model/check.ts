/** `check`: reports whether a model directory can be served, how fast it is, and what its endpoint looks like. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../config';
import { toCompanions } from '../../model/acceptance/acceptance';
import { readSamples } from '../../model/acceptance/golden-samples';
import { checkGroups } from '../../model/acceptance/independence-by-sizes';
import { runJoined, runRows, type Trial } from '../../model/acceptance/row-independence';
import { toCallersCard } from '../../model/card/callers-card';
import { cardFileName, readCard } from '../../model/card/card';
import { createPlainExchange } from '../../model/hooks/exchange';
import { createHookedExchange } from '../../model/hooks/hooked-exchange';
import { compileValidators } from '../../model/instances/compile';
import { type Contract, createContract } from '../../model/instances/contract';
import { createPredictionWriters } from '../../model/predictions/tasks';
import { mostRowsOf } from '../../model/runtime/row-limit';
import { openSession, type Session } from '../../model/runtime/session';
import type { Tensors } from '../../model/tensors/tensors';
import { type Comparing, chooseSamples, compareSamples } from './check-samples';
import { measureColdStarts } from './cold-start';
import { todo } from './draft';
import { describeEndpoint } from './endpoint';
import { describeSizes } from './largest-instance';
import { shareTime, type TimeShares, usualSeconds } from './patience';
import { describeMemory } from './served-memory';
import { describeRuns, median } from './timing';

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
  /** How long it may take, about: a slow model is compared and timed less. */
  readonly seconds?: number;
}

/** Checks as much as possible, so that all faults are reported at once. */
export async function check(
  directory: string,
  { isTimed = true, seconds = usualSeconds }: CheckOptions = {},
): Promise<Report> {
  const time = shareTime(seconds);
  const findings: Finding[] = [];
  const note: Note = (subject, text, isFault = false) => findings.push({ subject, text, isFault });
  const checked = await attempt(note, 'card', () => checkCard(directory));
  const session =
    checked && (await attempt(note, 'weights', () => openSession(directory, checked.card, { threads: 1 })));
  if (checked === undefined || session === undefined) return toReport(findings);

  const { bytes, file } = checked.card.weights;
  note('weights', `${file}, ${bytes} bytes: hash and signature match the card`);
  const ran = await attempt(note, 'samples', () => checkRuns(session, { ...checked, directory, isTimed, time }, note));
  await session.release();
  if (!isTimed || findings.some(({ isFault }) => isFault)) return toReport(findings);

  const starts = await measureColdStarts(directory, time.startsMs);
  const times = starts.seconds.map((each) => 1_000 * each);
  note(
    'start',
    `first prediction ${Math.round(median(times))} ms after the start of server.ts (median of ${times.length})`,
  );
  for (const text of describeMemory(starts, ran?.largestMegabytes ?? 0)) note('memory', text);
  return toReport(findings, describeEndpoint(toCallersCard(checked.card), readSamples(directory), starts.answer));
}

type Checking = Checked & { readonly isTimed: boolean; readonly time: TimeShares; readonly directory: string };

interface Checks {
  /** Memory that the largest instance takes beyond the smallest. */
  readonly largestMegabytes: number;
}

/** Returns undefined when rows do not run. */
async function checkRuns(session: Session, checked: Checking, note: Note): Promise<Checks | undefined> {
  const { card, directory, isTimed, time } = checked;
  const mostRows = mostRowsOf(session, card, readConfig().maxBatchRows);
  const run = (sample: Tensors) => runRows(session.run, card, sample, 1);
  const chosen = await chooseSamples(directory, checked, { run, ms: time.samplesMs });
  const { rows } = chosen;
  const outputs = await attempt(note, 'rows', () => runJoined(session.run, card, rows, mostRows));
  if (outputs === undefined) return undefined;
  await attempt(note, 'samples', async () => note('samples', await compareSamples(checked, chosen, outputs)));
  const sizes = await attempt(note, 'sizes', () => describeSizes(directory, card, time.sizes));
  if (sizes !== undefined) note('sizes', sizes.text);
  const runs = { rows, outputs, mostRows };
  await attempt(note, 'rows', async () => note('rows', await describeIndependence(session, checked, runs)));
  const patience = { mostRows, patienceMs: time.runsMs };
  if (isTimed) await attempt(note, 'run', async () => note('run', await describeRuns(session, card, rows, patience)));
  return { largestMegabytes: sizes?.megabytes ?? 0 };
}

interface Checked extends Comparing {
  readonly contract: Contract;
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

type Runs = Pick<Trial, 'rows' | 'outputs' | 'mostRows'>;

async function describeIndependence(session: Session, { card, contract, time }: Checking, runs: Runs): Promise<string> {
  const trial = {
    ...runs,
    compared: runs.rows.rows,
    companions: toCompanions(card, contract, runs.rows),
    patienceMs: time.rowsMs,
  };
  const { comparisons, largestDifference: largest } = await checkGroups(session, card, trial);
  if (card.runs === 'single') return 'each instance is a run of its own';
  if (runs.mostRows === 1)
    return `each runs alone${session.sizesDependOnData ? ': the output sizes of an operator depend on the data' : ''}`;
  return `same results alone, in a batch and in another order: ${comparisons} comparisons, largest difference ${largest.toExponential(1)}`;
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
