/** The way through functions-framework's middleware: requests take it once their bodies are read, for its parsers know no bound of ours. */
import type { IncomingMessage } from 'node:http';
import type { Detour, RequestListener } from './listener';
import { onceOver } from './over';

const arrivals = new WeakMap<IncomingMessage, () => void>();

/** Through the listeners that the framework has put on its server, until they call the function. */
export function createDetour(listeners: readonly RequestListener[]): Detour {
  return (incoming, response) =>
    new Promise((resolve) => {
      arrivals.set(incoming, () => resolve(true));
      onceOver(response, () => resolve(false));
      for (const listener of listeners) listener(incoming, response);
    });
}

/** The function that the framework calls. */
export function arrive(incoming: IncomingMessage): void {
  arrivals.get(incoming)?.();
}
