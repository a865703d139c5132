/** A model directory, ready to predict: its card, contract, lazily opened session and batchers. */
import type { JsonLimits } from '../json/limits';
import type { NumberRowsKind } from '../json/number-rows';
import { Problem } from '../problem';
import { accept } from './acceptance/acceptance';
import { readSamples, type Sample } from './acceptance/golden-samples';
import { type BatchLimits, createBatcher } from './batching/batcher';
import type { Job } from './batching/job';
import { toCallersCard } from './card/callers-card';
import { type Card, readCard } from './card/card';
import { answerWriters, createPlainExchange, type HookedExchange, type HookObserver } from './hooks/exchange';
import { type Contract, createContract } from './instances/contract';
import { numberRowsOf } from './instances/number-rows';
import { createRowEstimate } from './instances/row-estimate';
import { createBodyLimits } from './instances/row-size';
import { loadValidators } from './instances/validators';
import type { PredictionWriters } from './predictions/prediction';
import { createPredictionWriters } from './predictions/tasks';
import { createEngine, type Engine, type EngineEvents, type EngineOptions } from './runtime/engine';
import { createRowLimit } from './runtime/row-limit';
import type { Tensors } from './tensors/tensors';

// Loaded for cards with hooks.
const loadHooked = () => require('./hooks/hooked-exchange') as typeof import('./hooks/hooked-exchange');

export interface ModelLimits extends BatchLimits {
  readonly maxRequestRows: number;
  /** Levels of nested arrays and objects. */
  readonly maxJsonDepth: number;
  readonly maxReplyBytes: number;
}

export interface ModelOptions extends ModelLimits, EngineOptions {}

export interface Model extends Pick<Engine, 'load' | 'isLoaded' | 'threadCount' | 'startingThreadCount' | 'release'> {
  readonly card: Card;
  /** The card with what callers send in the place of features that hooks make. */
  readonly callersCard: Card;
  /** The exact bytes of `card.json`. */
  readonly cardBytes: Buffer;
  readonly contract: Contract;
  /** Reads the golden samples from disk on each call. */
  readSamples(): readonly Sample[];
  /** Of a model with hooks: of the answers that `hooked` made. */
  readonly write: PredictionWriters;
  /** For a model with hooks. */
  readonly hooked: HookedExchange | undefined;
  /** Tells observers of a call of a hook for a caller. */
  readonly hookCalled: HookObserver;
  /** Throws `overloaded` when there is no room for a body of `bodyBytes`. Cheap: called before the body is parsed. */
  checkRoom(bodyBytes?: number): void;
  bodyLimits(): JsonLimits;
  /** For a model whose instances are rows of nothing but numbers. */
  readonly numberRows: NumberRowsKind | undefined;
  /** Throws a problem when a request has more rows than allowed, or more than the queue has room for. */
  checkRows(rows: number): void;
  /** Queues rows for the next run; opens the session first when needed. */
  submit(job: Job): void;
  /** Queues rows that no caller sent, such as those of an explanation: observers do not see them. */
  explore(job: Job): void;
  readonly limits: ModelLimits;
  /** Rows that wait or run. */
  queuedRows(): number;
  /** Reports a failure that no caller waits for. */
  fault(failure: unknown): void;
  observe(observer: ModelObserver): void;
}

/** Counts and logs what a model does. An error it throws is reported as a fault; the other observers are still called. */
export interface ModelObserver extends Partial<Omit<EngineEvents, 'check'>> {
  /** Called after each run of callers' rows, once they have their answers. */
  ran?(inputs: Tensors, outputs: Tensors, seconds: number): void;
  /** A hook that was called for a caller has ended. */
  hookCalled?: HookObserver;
  /** Our own code threw where no caller waits for it. */
  faulted?(failure: unknown): void;
}

export function createModel(options: ModelOptions): Model {
  const { modelDirectory, maxRequestRows } = options;
  const cardFile = readCard(modelDirectory);
  const { card, bytes } = cardFile;
  const contract = createContract(card, modelDirectory, loadValidators(cardFile));
  const own = createPredictionWriters(card);
  const parts = { card, directory: modelDirectory, contract, write: own };
  const hooked = card.hooks && loadHooked().createHookedExchange(parts, card.hooks);
  const limits = {
    ...options,
    maxBatchRows: Math.min(options.maxBatchRows, card.maxBatchRows ?? options.maxBatchRows),
  };
  const estimateRows = createRowEstimate(card);
  const observers: ModelObserver[] = [];
  const engine = createEngine(card, options, {
    check: (session) =>
      accept({ ...parts, exchange: hooked ?? createPlainExchange(parts), mostRows: rowLimit.opened(session) }, session),
    loaded: (seconds) => tell((observer) => observer.loaded?.(seconds)),
    loadFailed: (failure) => tell((observer) => observer.loadFailed?.(failure)),
    threadsFailed: (failure) => tell((observer) => observer.threadsFailed?.(failure)),
  });
  const rowLimit = createRowLimit(engine, card, limits.maxBatchRows);
  const { runner } = rowLimit;
  const batcher = createBatcher(card.inputs, runner, limits, {
    ran: (inputs, outputs, seconds) => tell((observer) => observer.ran?.(inputs, outputs, seconds)),
    faulted: fault,
  });
  // A separate queue: callers' rows never share a run with these, and the two take turns.
  const explorer = createBatcher(card.inputs, runner, limits, { faulted: fault });

  function tell(say: (observer: ModelObserver) => void): void {
    for (const observer of observers) {
      try {
        say(observer);
      } catch (failure) {
        fault(failure);
      }
    }
  }

  function fault(failure: unknown): void {
    for (const { faulted } of observers) {
      try {
        faulted?.(failure);
      } catch {
        // An observer that fails here has nobody left to report to.
      }
    }
  }

  let bodyLimits: JsonLimits | undefined;

  function readBodyLimits(): JsonLimits {
    bodyLimits ??= createBodyLimits(card, maxRequestRows, options.maxJsonDepth);
    return bodyLimits;
  }

  function checkRows(rows: number): void {
    if (rows > maxRequestRows) {
      const detail = `Expected at most ${maxRequestRows} rows in one request, got ${rows}. Split it into several requests.`;
      throw new Problem('too-many-rows', detail);
    }
    batcher.checkRoom(rows);
  }

  return {
    card,
    callersCard: toCallersCard(card),
    cardBytes: bytes,
    contract,
    readSamples: () => readSamples(modelDirectory),
    write: hooked === undefined ? own : answerWriters,
    hooked,
    hookCalled: (hook, seconds) => tell((observer) => observer.hookCalled?.(hook, seconds)),
    checkRoom: (bodyBytes = 0) => batcher.checkRoom(estimateRows(bodyBytes)),
    bodyLimits: readBodyLimits,
    numberRows: hooked === undefined ? numberRowsOf(card, maxRequestRows) : undefined,
    checkRows,
    submit: batcher.submit,
    explore: explorer.submit,
    limits,
    queuedRows: () => batcher.queuedRows() + explorer.queuedRows(),
    fault,
    observe: (observer) => observers.push(observer),
    load: engine.load,
    isLoaded: engine.isLoaded,
    threadCount: engine.threadCount,
    startingThreadCount: engine.startingThreadCount,
    release: engine.release,
  };
}
