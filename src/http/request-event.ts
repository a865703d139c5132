/** The record of one request: when each part was done, how many rows it had, and how it ended. */
import type { Predicted } from '../serving/caller';

/** Times are `performance.now()` in milliseconds; 0 means that the request never reached that part. */
export interface RequestEvent {
  /** The head of the request had arrived. */
  readonly startedAt: number;
  /** The whole body had arrived and was inflated. */
  readAt: number;
  /** The rows were decoded and joined the queue. */
  queuedAt: number;
  /** The first of its rows joined a run. */
  runAt: number;
  /** Time in model runs, which other requests' rows may have shared. */
  modelMs: number;
  rows: number;
  /** Of an answer that is made while it is read: bytes behind its beginning. */
  restBytes: number;
  /** Version of the model that answers; empty if no model is involved. */
  version: string;
  /** Empty if path and body match no protocol. */
  protocol: string;
  /** Path in the route table; empty for an unknown path. */
  route: string;
  /** Name of the problem in the reply. */
  problem: string | undefined;
  /** The id under which feedback finds the predictions: the caller's, or one of ours if captured. */
  predictionId: string | undefined;
  /** Collects what was predicted, for a request that is captured. */
  predicted: Predicted[] | undefined;
  /** Whether its rows are made up, as those of a curve: neither counted nor captured. */
  explores: boolean;
}

/** Time of each part of a request, in milliseconds; 0 for a part it never reached. */
export interface Parts {
  readonly read: number;
  readonly decode: number;
  readonly queue: number;
  readonly model: number;
  readonly encode: number;
}

/** Rows dropped from the queue count as waiting until the end. */
export function partsOf({ startedAt, readAt, queuedAt, runAt, modelMs }: RequestEvent, endedAt: number): Parts {
  return {
    read: readAt === 0 ? 0 : readAt - startedAt,
    decode: queuedAt === 0 ? 0 : queuedAt - readAt,
    queue: queuedAt === 0 ? 0 : (runAt === 0 ? endedAt : runAt) - queuedAt,
    model: modelMs,
    encode: runAt === 0 ? 0 : Math.max(0, endedAt - runAt - modelMs),
  };
}

export function createEvent(): RequestEvent {
  return {
    startedAt: performance.now(),
    readAt: 0,
    queuedAt: 0,
    runAt: 0,
    modelMs: 0,
    rows: 0,
    restBytes: 0,
    version: '',
    protocol: '',
    route: '',
    problem: undefined,
    predictionId: undefined,
    predicted: undefined,
    explores: false,
  };
}
