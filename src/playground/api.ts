/** Calls the API of the endpoint that served the page. */
import { type Entries, toInstance } from './entries';
import { base, data } from './page';

export interface Prediction {
  /** Null if there is no number to decide by. */
  readonly label?: string | null;
  readonly probabilities?: Readonly<Record<string, number | null>>;
  readonly value?: unknown;
  readonly label_set?: readonly string[];
  readonly interval?: { readonly lower: number | null; readonly upper: number | null };
}

/** The prediction of one row, and why its set may hold the truth less often than asked. */
export interface Answered {
  readonly prediction: Prediction;
  readonly warning?: string;
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

/** With a candidate, `/predict` may be answered by either. */
const predictPath = data.candidate === undefined ? '/predict' : data.champion;

/** Rows that the page makes up: they are no sign of drift. */
export async function explore(rows: readonly Entries[], signal: AbortSignal): Promise<Prediction[]> {
  const body = { instances: rows.map(toInstance), parameters: { explore: true } };
  return (await post<{ predictions: Prediction[] }>(predictPath, body, signal)).predictions;
}

/** With its set, if a coverage is given. */
export async function predictRow(entries: Entries, requested: number | undefined, signal: AbortSignal) {
  const body = { instances: [toInstance(entries)], ...(requested && { parameters: { coverage: requested } }) };
  type Reply = { readonly predictions: readonly [Prediction]; readonly coverage?: Pick<Answered, 'warning'> };
  const { predictions, coverage } = await post<Reply>(predictPath, body, signal);
  return { prediction: predictions[0], ...coverage };
}

/** The candidate's prediction; undefined without a candidate. */
export async function predictCandidate(entries: Entries, signal: AbortSignal): Promise<Prediction | undefined> {
  if (data.candidate === undefined) return undefined;
  const body = { instances: [toInstance(entries)] };
  return (await post<{ predictions: Prediction[] }>(data.candidate, body, signal)).predictions[0];
}

/** Undefined if the model cannot be explained. */
export async function explain(entries: Entries, signal: AbortSignal): Promise<Explanation | undefined> {
  if (!data.isExplainable) return undefined;
  const path = `/v1/models/${encodeURIComponent(data.model)}:explain`;
  const instances = [toInstance(entries)];
  const { explanations } = await post<{ explanations: Explanation[] }>(path, { instances }, signal);
  return explanations[0];
}

/** The predictions for a table; its first line names the features. */
export async function predictTable(csv: string, signal: AbortSignal): Promise<Prediction[]> {
  return (await send<{ predictions: Prediction[] }>('/predict', csv, 'text/csv', signal)).predictions;
}

function post<Answer>(path: string, body: object, signal: AbortSignal): Promise<Answer> {
  return send(path, JSON.stringify(body), 'application/json', signal);
}

/** Longer than any endpoint works on a request. */
const mostMs = 60_000;

async function send<Answer>(path: string, body: string, contentType: string, signal: AbortSignal): Promise<Answer> {
  const headers = { 'content-type': contentType };
  const limited = AbortSignal.any([signal, AbortSignal.timeout(mostMs)]);
  const response = await fetch(base + path, { method: 'POST', headers, body, signal: limited });
  const json = parse(await response.text());
  if (response.ok && isObject(json)) return json as Answer;
  throw toRefusal(response, json);
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

const isObject = (json: unknown) => typeof json === 'object' && json !== null;

interface ProblemDocument {
  readonly title: string;
  readonly detail: string;
  readonly errors?: readonly Fault[];
}

function toRefusal({ status, ok, headers }: Response, json: unknown): Refusal {
  if (!ok && isObject(json)) {
    const { title, detail, errors = [{ detail }] } = json as ProblemDocument;
    return new Refusal(status, title, errors);
  }
  const title = ok ? 'The answer is not JSON' : `Status ${status} instead of an answer`;
  if (status === 401 || status === 403) return new Refusal(status, title, [{ detail: signIn }]);
  const type = headers.get('content-type') ?? 'nothing';
  return new Refusal(status, title, [
    { detail: `Expected JSON, got ${type}. Something between this page and the endpoint may have answered.` },
  ]);
}

const signIn = 'You may not call this endpoint, or no longer: sign in again, and open the page anew.';
