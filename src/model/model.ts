/** One model directory as a thing that predicts: its card, contract, lazily opened session and batcher. */
import type { JsonLimits } from '../json/limits';
import { Problem } from '../problem';
import { accept } from './acceptance/acceptance';
import { readSamples, type Sample } from './acceptance/golden-samples';
import { type BatchLimits, createBatcher } from './batching/batcher';
import type { Job } from './batching/job';
import { type Card, readCard } from './card/card';
import { type Contract, createContract } from './instances/contract';
import { createRowEstimate } from './instances/row-estimate';
import { createBodyLimits } from './instances/row-size';
import { loadValidators } from './instances/validators';
import type { PredictionWriters } from './predictions/prediction';
import { createPredictionWriters } from './predictions/tasks';
import { createEngine, type EngineOptions } from './runtime/engine';
import { createRowLimit } from './runtime/row-limit';
import type { Tensors } from './tensors/tensors';

/** What one request may take. */
export interface ModelLimits extends BatchLimits {
  readonly maxRequestRows: number;
  /** Levels of arrays and objects in JSON. */
  readonly maxJsonDepth: number;
  /** Bytes of an answer. */
  readonly maxReplyBytes: number;
}

export interface ModelOptions extends ModelLimits, EngineOptions {}

export interface Model {
  readonly card: Card;
  /** The exact bytes of `card.json`. */
  readonly cardBytes: Buffer;
  readonly contract: Contract;
  /** The golden samples, read anew. */
  readSamples(): readonly Sample[];
  readonly write: PredictionWriters;
  /** Throws a problem when a new request, whose body has so many bytes, cannot be taken now; cheap, and asked before it is parsed. */
  checkRoom(bodyBytes?: number): void;
  /** What the JSON of a body with rows may hold. */
  bodyLimits(): JsonLimits;
  /** Throws a problem when one request has more rows than any may, or more than can be taken now. */
  checkRows(rows: number): void;
  /** Queues rows for the next run; opens the session first when it is not open. */
  submit(job: Job): void;
  /** Queues rows that are no caller's own, such as those of an explanation: observers are not told of them. */
  explore(job: Job): void;
  readonly limits: ModelLimits;
  /** Opens the session, or waits for the caller who is opening it. A failure is a `model-unavailable` problem, for all who ask until the next try. */
  load(): Promise<void>;
  isLoaded(): boolean;
  /** Threads of their own that run it. */
  threadCount(): number;
  /** Threads that open their sessions now. */
  startingThreadCount(): number;
  /** Rows that wait or run. */
  queuedRows(): number;
  /** Tells the observers of a failure that nobody waits for. */
  fault(failure: unknown): void;
  /** Told of what happens from now on. */
  observe(observer: ModelObserver): void;
  release(): Promise<void>;
}

/** Who counts and logs what a model does; what one of them throws is told as a fault, and keeps nobody else from being told. Times are in seconds. */
export interface ModelObserver {
  loaded?(seconds: number): void;
  loadFailed?(failure: unknown): void;
  /** Threads could not be started: the model goes on running in the event loop's. */
  threadsFailed?(failure: unknown): void;
  /** A run of callers' rows; called after they have their answers. */
  ran?(inputs: Tensors, outputs: Tensors, seconds: number): void;
  /** Something of ours has thrown where no caller waits for it. */
  faulted?(failure: unknown): void;
}

export function createModel(options: ModelOptions): Model {
  const { modelDirectory, maxRequestRows } = options;
  const cardFile = readCard(modelDirectory);
  const { card, bytes } = cardFile;
  const contract = createContract(card, loadValidators(cardFile));
  const write = createPredictionWriters(card);
  const limits = {
    ...options,
    maxBatchRows: Math.min(options.maxBatchRows, card.maxBatchRows ?? options.maxBatchRows),
  };
  const estimateRows = createRowEstimate(card.inputs);
  const observers: ModelObserver[] = [];
  const engine = createEngine(card, options, {
    check: (session) =>
      accept({ card, directory: modelDirectory, contract, write, mostRows: rowLimit.opened(session) }, session),
    loaded: (seconds) => tell((observer) => observer.loaded?.(seconds)),
    loadFailed: (failure) => tell((observer) => observer.loadFailed?.(failure)),
    threadsFailed: (failure) => tell((observer) => observer.threadsFailed?.(failure)),
  });
  const rowLimit = createRowLimit(engine, card, limits.maxBatchRows);
  const { runner } = rowLimit;
  const batcher = createBatcher(card.inputs, runner, limits, { ran: onRun, faulted: fault });
  // A queue of its own: callers' rows share their runs with each other only, and take turns with these.
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
        // It cannot even say that something is wrong: nobody is left to be told.
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
      const detail = `Expected at most ${maxRequestRows} rows in one request, got ${rows}: send them in several.`;
      throw new Problem('too-many-rows', detail);
    }
    batcher.checkRoom(rows);
  }

  function onRun(inputs: Tensors, outputs: Tensors, seconds: number): void {
    tell((observer) => observer.ran?.(inputs, outputs, seconds));
  }

  return {
    card,
    cardBytes: bytes,
    contract,
    readSamples: () => readSamples(modelDirectory),
    write,
    checkRoom: (bodyBytes = 0) => batcher.checkRoom(estimateRows(bodyBytes)),
    bodyLimits: readBodyLimits,
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
