/** BigQuery's side of a remote function: batches of a query in its envelope, several at once, tried again when it would. */
import type { Client } from '../../client';

export interface Query {
  /** Of the endpoint. */
  readonly path?: string;
  /** Arguments of each row. */
  readonly rows: readonly (readonly unknown[])[];
  /** What `max_batching_rows` of the function says. */
  readonly maxBatchingRows: number;
  readonly userDefinedContext?: Readonly<Record<string, string>>;
}

type Envelope = Readonly<Record<string, unknown>> & { readonly calls: readonly unknown[] };

export interface Played {
  /** The value of each row of the query. */
  readonly values: readonly unknown[];
  /** Attempts by the status of their answers; 0 stands for none. */
  readonly attempts: ReadonlyMap<number, number>;
}

/** As its documentation says: these are tried again, so often; batches that run at once are its own choice. */
const retried = new Set([0, 408, 429, 500, 503, 504]);
const mostAttempts = 20;
const atOnce = 8;
const firstPauseMs = 20;

/** Throws as a query fails: for an answer that is not tried again, too many attempts, or replies that are not as many as calls. */
export async function playQuery(nextClient: () => Client, query: Query): Promise<Played> {
  const { path = '/bigquery', rows, maxBatchingRows, userDefinedContext } = query;
  const attempts = new Map<number, number>();
  const batches = Math.ceil(rows.length / maxBatchingRows);
  const values: unknown[][] = new Array(batches);
  let next = 0;

  async function work(): Promise<void> {
    for (let batch = next++; batch < batches; batch = next++) {
      const calls = rows.slice(batch * maxBatchingRows, (batch + 1) * maxBatchingRows);
      values[batch] = await callUntilAnswered({
        requestId: `query-1/batch-${batch}`,
        caller: '//bigquery.googleapis.com/projects/test/jobs/test:US.bquxjob_1',
        sessionUser: 'analyst@example.com',
        ...(userDefinedContext && { userDefinedContext }),
        calls,
      });
    }
  }

  async function callUntilAnswered(envelope: Envelope): Promise<unknown[]> {
    for (let attempt = 1; attempt <= mostAttempts; attempt++) {
      const reply = await nextClient()
        .post(path, envelope)
        .catch(() => undefined);
      const status = reply?.status ?? 0;
      attempts.set(status, (attempts.get(status) ?? 0) + 1);
      if (status === 200) return requireAll(reply?.json, envelope.calls.length);
      if (!retried.has(status)) throw new Error(`The query failed with ${status}: ${reply?.text}`);
      await new Promise((resolve) => setTimeout(resolve, firstPauseMs * 2 ** Math.min(attempt, 6) * Math.random()));
    }
    throw new Error(`The query failed after ${mostAttempts} attempts of a batch.`);
  }

  await Promise.all(Array.from({ length: atOnce }, work));
  return { values: values.flat(), attempts };
}

function requireAll(json: unknown, calls: number): unknown[] {
  const { replies } = json as { readonly replies?: unknown };
  if (Array.isArray(replies) && replies.length === calls) return replies;
  throw new Error(`Expected ${calls} replies.`);
}
