/** `check`: reports whether a model directory can be served, how fast it is, and what its endpoint looks like. */
import { existsSync, statSync } from 'node:fs';
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
import { describeFailure } from '../command-line.cjs';
import { type Comparing, chooseSamples, compareSamples } from './check-samples';
import { measureColdStarts } from './cold-start';
import { todo } from './draft';
import { describeEndpoint } from './endpoint';
import { describeSizes } from './largest-instance';
import { shareTime, type TimeShares, usualSeconds } from './patience';
import { describeMemory } from './served-memory';
import type { Reporter } from './terminal';
import { describeRuns, median } from './timing';

/** Adds a line to the report; a fault prevents the model from being served. */
type Note = (subject: string, text: string, isFault?: boolean) => void;

export interface CheckOptions {
  /** Whether to time runs and cold starts, which takes some seconds and finds no faults. */
  readonly isTimed?: boolean;
  /** How long it may take, about: a slow model is compared and timed less. */
  readonly seconds?: number;
}

/** Checks as much as possible, so that all faults are reported at once. Resolves to whether the model can be served. */
export async function check(
  directory: string,
  { isTimed = true, seconds = usualSeconds }: CheckOptions,
  reporter: Reporter,
): Promise<boolean> {
  const time = shareTime(seconds);
  let faults = 0;
  const note: Note = (subject, text, isFault = false) => {
    if (isFault) faults++;
    reporter.line(`${isFault ? 'FAULT ' : ''}${subject.padEnd(9)} ${text}`);
  };
  const conclude = (endpoint: readonly string[] = []) => {
    for (const line of ['', summarize(faults), ...endpoint]) reporter.line(line);
    return faults === 0;
  };
  reporter.doing('Reading the card and the weights');
  const checked = await attempt(note, 'card', () => checkCard(directory));
  const session =
    checked && (await attempt(note, 'weights', () => openSession(directory, checked.card, { threads: 1 })));
  if (checked === undefined || session === undefined) return conclude();

  const { bytes, file } = checked.card.weights;
  note('weights', `${file}, ${bytes} bytes: hash and signature match the card`);
  const ran = await attempt(note, 'samples', () =>
    checkRuns(session, { ...checked, directory, isTimed, time, doing: reporter.doing }, note),
  );
  await session.release();
  if (!isTimed || faults > 0) return conclude();
  reporter.doing('Starting the server, to time its first prediction');

  const starts = await measureColdStarts(directory, time.startsMs);
  const times = starts.seconds.map((each) => 1_000 * each);
  note(
    'start',
    `first prediction ${Math.round(median(times))} ms after the start of server.ts (median of ${times.length})`,
  );
  for (const text of describeMemory(starts, ran?.largestMegabytes ?? 0)) note('memory', text);
  return conclude(describeEndpoint(toCallersCard(checked.card), readSamples(directory), starts.answer));
}

interface Checking extends Checked {
  readonly isTimed: boolean;
  readonly time: TimeShares;
  readonly directory: string;
  readonly doing: Reporter['doing'];
}

interface Checks {
  /** Memory that the largest instance takes beyond the smallest. */
  readonly largestMegabytes: number;
}

/** Returns undefined when rows do not run. */
async function checkRuns(session: Session, checked: Checking, note: Note): Promise<Checks | undefined> {
  const { card, directory, isTimed, time, doing } = checked;
  doing('Running the golden samples');
  const mostRows = mostRowsOf(session, card, readConfig().maxBatchRows);
  const run = (sample: Tensors) => runRows(session.run, card, sample, 1);
  const chosen = await chooseSamples(directory, checked, { run, ms: time.samplesMs });
  const { rows } = chosen;
  const outputs = await attempt(note, 'rows', () => runJoined(session.run, card, rows, mostRows));
  if (outputs === undefined) return undefined;
  await attempt(note, 'samples', async () => note('samples', await compareSamples(checked, chosen, outputs)));
  doing('Trying sizes and batches');
  const sizes = await attempt(note, 'sizes', () => describeSizes(directory, card, time.sizes));
  if (sizes !== undefined) note('sizes', sizes.text);
  const runs = { rows, outputs, mostRows };
  await attempt(note, 'rows', async () => note('rows', await describeIndependence(session, checked, runs)));
  const patience = { mostRows, patienceMs: time.runsMs };
  if (isTimed) doing('Timing runs');
  if (isTimed) await attempt(note, 'run', async () => note('run', await describeRuns(session, card, rows, patience)));
  return { largestMegabytes: sizes?.megabytes ?? 0 };
}

interface Checked extends Comparing {
  readonly contract: Contract;
}

function checkCard(directory: string): Checked {
  if (!existsSync(join(directory, cardFileName))) throw new Error(describeAbsence(directory));
  const file = readCard(directory);
  const open = findTodos(file.card);
  if (open.length > 0) throw new Error(`still marked ${todo}: ${open.join(', ')}`);
  const { card } = file;
  const contract = createContract(card, directory, compileValidators(file));
  const parts = { card, directory, contract, write: createPredictionWriters(card) };
  const exchange = card.hooks === undefined ? createPlainExchange(parts) : createHookedExchange(parts, card.hooks);
  return { card, contract, exchange };
}

function describeAbsence(directory: string): string {
  const entry = statSync(directory, { throwIfNoEntry: false });
  const expected = `expected a directory with ${cardFileName} in it`;
  if (entry === undefined) return `${directory} does not exist: ${expected}.`;
  if (!entry.isDirectory()) return `${directory} is a file: ${expected}.`;
  return `${directory} has no ${cardFileName}: \`npm run model -- inspect FILE.onnx --out DIRECTORY\` drafts one.`;
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
    note(subject, describeFailure(failure), true);
    return undefined;
  }
}

function summarize(faults: number): string {
  if (faults === 0) return 'No faults: this model can be served.';
  return `${faults} fault${faults === 1 ? '' : 's'}: this model cannot be served yet.`;
}
