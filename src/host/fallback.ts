/** The way through functions-framework's middleware: requests take it once their bodies are read, for its parsers know no bound of ours. */
import type { IncomingMessage } from 'node:http';
import { finished } from 'node:stream/promises';
import type { Detour, RequestListener } from './listener';
import { onRequestEnd } from './request-end';

const arrivals = new WeakMap<IncomingMessage, () => void>();

/** Through the listeners that the framework has put on its server, until they call the function. */
export function createDetour(listeners: readonly RequestListener[]): Detour {
  return async (incoming, response) => {
    // A parser leaves alone only what has ended; a body that was taken in one piece has not yet.
    if (!incoming.readableEnded) await finished(incoming.resume()).catch(() => undefined);
    return new Promise((resolve) => {
      arrivals.set(incoming, () => resolve(true));
      onRequestEnd(response, () => resolve(false));
      for (const listener of listeners) listener(incoming, response);
    });
  };
}

/** The function that the framework calls. */
export function arrive(incoming: IncomingMessage): void {
  arrivals.get(incoming)?.();
}
