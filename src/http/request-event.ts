/** What is noted of one request on its way: when each part was done, how many rows it had, and how it ended. */

/** Times are milliseconds of `performance.now()`; 0 stands for a part that the request never reached. */
export interface RequestEvent {
  /** The head of the request had arrived. */
  readonly startedAt: number;
  /** The whole body had arrived and was inflated. */
  readAt: number;
  /** The rows were decoded and joined the queue. */
  queuedAt: number;
  /** The first of its rows were taken into a run. */
  runAt: number;
  /** Time in runs of the model, which others' rows may have shared. */
  modelMs: number;
  rows: number;
  /** Version of the model that answers; empty where none is asked. */
  version: string;
  /** Empty where no protocol was told from the path and body. */
  protocol: string;
  /** Path in the route table; empty for a path that is not served. */
  route: string;
  /** Name of the problem that was answered. */
  problem: string | undefined;
}

/** Where the time of a request went, in milliseconds; 0 for a part that it never reached. */
export interface Parts {
  readonly read: number;
  readonly decode: number;
  readonly queue: number;
  readonly model: number;
  readonly encode: number;
}

/** Rows that were given up in the queue have waited until the end. What is left between the parts is reading JSON and checking rows. */
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
    version: '',
    protocol: '',
    route: '',
    problem: undefined,
  };
}
