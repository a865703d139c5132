/** The id of a prediction, as callers send it: a header field, or the id of an event. */
import type { IncomingHttpHeaders } from 'node:http';
import type { HttpRequest } from './message';

/** What a header field of the answer can carry. */
const validId = /^[\x21-\x7e]{1,128}$/;

/** Undefined without a valid one. */
export function readPredictionId(headers: IncomingHttpHeaders): string | undefined {
  const id = headers['prediction-id'] ?? decodeEventId(headers['ce-id']);
  return id !== undefined && isPredictionId(id) ? id : undefined;
}

/** The binding of CloudEvents to HTTP percent-encodes what header fields cannot hold, and the percent sign. */
function decodeEventId(encoded: IncomingHttpHeaders[string]): IncomingHttpHeaders[string] {
  if (typeof encoded !== 'string' || !encoded.includes('%')) return encoded;
  try {
    return decodeURIComponent(encoded);
  } catch {
    return undefined;
  }
}

export function isPredictionId(id: unknown): id is string {
  return typeof id === 'string' && validId.test(id);
}

/** Takes the id of an event or a message for the request that it carries, unless the caller named it in the head. */
export function identify({ event, headers }: Pick<HttpRequest, 'event' | 'headers'>, id: unknown): void {
  if (isPredictionId(id) && readPredictionId(headers) === undefined) event.predictionId = id;
}
