/** One model directory as a thing that predicts: its card, contract, lazily opened session and batcher. */
import { Problem } from '../problem';
import { type BatchLimits, createBatcher } from './batcher';
import { type Card, readCard } from './card';
import { type Contract, createContract } from './contract';
import type { Job } from './job';
import { createPredictionWriters, type PredictionWriters } from './prediction';
import { isSamePrediction, readSamples, type Sample, spreadSamples } from './samples';
import { openSession, type Session } from './session';
import type { Tensors } from './tensors';
import { loadValidators } from './validators';

export interface ModelOptions extends BatchLimits {
  readonly modelDirectory: string;
  readonly onnxThreads: number;
  readonly maxRequestRows: number;
}

/** What one request may take. */
export type ModelLimits = Pick<ModelOptions, 'maxBatchRows' | 'maxRequestRows' | 'requestTimeoutMs'>;

export interface Model {
  readonly card: Card;
  /** The exact bytes of `card.json`. */
  readonly cardBytes: Buffer;
  readonly contract: Contract;
  /** The golden samples, read anew. */
  readSamples(): readonly Sample[];
  readonly write: PredictionWriters;
  /** Throws a problem when a new request cannot be taken now; cheap, and asked before its body is parsed. */
  checkRoom(): void;
  /** Throws a problem when one request has more rows than any may. */
  checkRows(rows: number): void;
  /** Queues rows for the next run; opens the session first when it is not open. */
  submit(job: Job): void;
  /** Queues rows that are no caller's own, such as those of an explanation: observers are not told of them. */
  explore(job: Job): void;
  readonly limits: ModelLimits;
  /** Opens the session, or waits for the caller who is opening it. A failure is a `model-unavailable` problem and is forgotten. */
  load(): Promise<Session>;
  isLoaded(): boolean;
  /** Rows that wait or run. */
  queuedRows(): number;
  /** Told of what happens from now on. */
  observe(observer: ModelObserver): void;
  release(): Promise<void>;
}

/** Samples that a session must repeat before it answers callers. */
const checkedSamples = 8;

/** Who counts and logs what a model does. Times are in seconds. */
export interface ModelObserver {
  loaded(seconds: number): void;
  loadFailed(failure: unknown): void;
  /** A run of callers' rows; called after they have their answers. */
  ran(inputs: Tensors, outputs: Tensors, seconds: number): void;
}

export function createModel(options: ModelOptions): Model {
  const { modelDirectory, onnxThreads, maxRequestRows } = options;
  const cardFile = readCard(modelDirectory);
  const { card, bytes } = cardFile;
  const contract = createContract(card, loadValidators(cardFile, modelDirectory));
  const write = createPredictionWriters(card);
  let session: Session | undefined;
  let loading: Promise<Session> | undefined;
  const observers: ModelObserver[] = [];
  const batcher = createBatcher(card.inputs, run, { ...options, onRun });
  // A queue of its own: callers' rows share their runs with each other only, and take turns with these.
  const explorer = createBatcher(card.inputs, run, options);

  function load(): Promise<Session> {
    loading ??= open().catch((failure: unknown) => {
      loading = undefined;
      for (const observer of observers) observer.loadFailed(failure);
      throw new Problem('model-unavailable', 'The model could not be loaded; try again.', {
        headers: ['retry-after', '1'],
        cause: failure,
      });
    });
    return loading;
  }

  async function open(): Promise<Session> {
    const startedAt = performance.now();
    const opened = await openSession(modelDirectory, card, { threads: onnxThreads });
    try {
      await checkSamples(opened);
    } catch (failure) {
      // Its memory is the runtime's, which does not know that nobody will use it.
      await opened.release();
      throw failure;
    }
    session = opened;
    for (const observer of observers) observer.loaded((performance.now() - startedAt) / 1_000);
    return opened;
  }

  async function checkSamples(opened: Session): Promise<void> {
    const samples = spreadSamples(readSamples(modelDirectory), checkedSamples);
    const instances = samples.map(({ instance }) => instance);
    const inputs = await new Promise<Tensors | Problem>((resolve) =>
      contract.readInstances(instances, '/samples', resolve),
    );
    if (inputs instanceof Problem) throw inputs;
    const outputs = await opened.run(() => inputs);
    for (const [row, { instance, prediction }] of samples.entries()) {
      const answer = write.prediction(outputs, row);
      if (isSamePrediction(prediction, JSON.parse(answer), card.tolerance)) continue;
      throw new Error(
        `For the golden sample ${JSON.stringify(instance)} the model answers ${answer}, its trainer ${JSON.stringify(prediction)}.`,
      );
    }
  }

  function checkRows(rows: number): void {
    if (rows <= maxRequestRows) return;
    const detail = `Expected at most ${maxRequestRows} rows in one request, came ${rows}: send them in several.`;
    throw new Problem('too-many-rows', detail);
  }

  function onRun(inputs: Tensors, outputs: Tensors, seconds: number): void {
    for (const observer of observers) observer.ran(inputs, outputs, seconds);
  }

  async function run(collect: () => Tensors): Promise<Tensors> {
    return (session ?? (await load())).run(collect);
  }

  return {
    card,
    cardBytes: bytes,
    contract,
    readSamples: () => readSamples(modelDirectory),
    write,
    checkRoom: batcher.checkRoom,
    checkRows,
    submit: batcher.submit,
    explore: explorer.submit,
    limits: options,
    queuedRows: () => batcher.queuedRows() + explorer.queuedRows(),
    observe: (observer) => observers.push(observer),
    load,
    isLoaded: () => session !== undefined,
    release: async () => session?.release(),
  };
}
