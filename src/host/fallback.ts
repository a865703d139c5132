/** Routes requests through functions-framework's middleware once their bodies are read: its parsers do not enforce our limits. */
import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream/promises';
import type { Detour, RequestListener } from './listener';
import { onRequestEnd } from './request-end';

const arrivals = new WeakMap<IncomingMessage, () => void>();

/** Runs the framework's own request listeners until they call the function. */
export function createDetour(listeners: readonly RequestListener[]): Detour {
  return async (incoming, response) => {
    // Parsers skip only an ended stream, and a body read in one piece has not ended yet.
    if (!incoming.readableEnded) await finished(incoming.resume()).catch(() => undefined);
    return new Promise((resolve) => {
      arrivals.set(incoming, () => resolve(true));
      onRequestEnd(response, () => resolve(false));
      for (const listener of listeners) listener(incoming, response);
    });
  };
}

/** The function registered with the framework. */
export function arrive(incoming: IncomingMessage): void {
  arrivals.get(incoming)?.();
}
