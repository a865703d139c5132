/** Calls the API of the endpoint that served the page. */
import { base, data, type Value } from './page';

export interface Prediction {
  /** Null if there is no number to decide by. */
  readonly label?: string | null;
  readonly probabilities?: Readonly<Record<string, number | null>>;
  readonly value?: unknown;
}

export interface Parts {
  readonly base: number | null;
  readonly prediction: number | null;
  readonly contributions: Readonly<Record<string, number | null>>;
}

export interface Explanation {
  readonly probabilities?: Readonly<Record<string, Parts>>;
  readonly value?: Parts;
}

/** One fault of a request; `pointer` is its place in the body, if any. */
export interface Fault {
  readonly pointer?: string;
  readonly detail: string;
}

/** A problem in the server's own words. */
export class Refusal extends Error {
  readonly status: number;
  readonly faults: readonly Fault[];

  constructor(status: number, title: string, faults: readonly Fault[]) {
    super(title);
    this.status = status;
    this.faults = faults;
  }
}

export async function predict(instances: readonly (readonly Value[])[], signal: AbortSignal): Promise<Prediction[]> {
  const { predictions } = await post<{ predictions: Prediction[] }>('/predict', { instances }, signal);
  return predictions;
}

// Remembers that the model cannot be explained.
let isExplainable = true;

/** Undefined if the model cannot be explained. */
export async function explain(instance: readonly Value[], signal: AbortSignal): Promise<Explanation | undefined> {
  if (!isExplainable) return undefined;
  const path = `/v1/models/${encodeURIComponent(data.model)}:explain`;
  try {
    const { explanations } = await post<{ explanations: Explanation[] }>(path, { instances: [instance] }, signal);
    return explanations[0];
  } catch (failure) {
    isExplainable = !(failure instanceof Refusal && failure.status === 404);
    if (isExplainable) throw failure;
    return undefined;
  }
}

async function post<Answer>(path: string, body: object, signal: AbortSignal): Promise<Answer> {
  const headers = { 'content-type': 'application/json' };
  const response = await fetch(base + path, { method: 'POST', headers, body: JSON.stringify(body), signal });
  const text = await response.text();
  if (response.ok) return JSON.parse(text) as Answer;
  throw toRefusal(response.status, text);
}

function toRefusal(status: number, text: string): Refusal {
  try {
    const problem = JSON.parse(text) as { title: string; detail: string; errors?: readonly Fault[] };
    return new Refusal(status, problem.title, problem.errors ?? [{ detail: problem.detail }]);
  } catch {
    return new Refusal(status, `The server returned status ${status}`, [{ detail: text.slice(0, 200) }]);
  }
}
