/** Takes the HTTP server that functions-framework starts, so that requests reach our listener and not its middleware. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Server } from 'node:http';
import type { RequestListener } from './listener';

/** Node publishes here each server that has begun to listen, before its first connection. */
const listenChannel = 'tracing:net.server.listen:asyncEnd';
const signals = ['SIGTERM', 'SIGINT'] as const;

/** Swaps in our listener on the first server that listens, and tells of it before others know. A server that is not as expected stays as it is. */
export function takeOverServer(listener: RequestListener, onFound: (server: Server) => void): void {
  const stopLooking = watchServers((server) => {
    if (!isTakeable(server)) return;
    stopLooking();
    server.removeAllListeners('request').on('request', listener);
    onFound(server);
    const foreign = listenersOfSignals();
    // The framework adds its signal handlers, which exit at once, in the callback of listen: ours runs after it.
    server.once('listening', () => removeNewListeners(foreign));
  });
}

/** Calls back with each server that begins to listen, in two ways: a Node that does not announce it has `listen` all the same. */
function watchServers(onServer: (server: unknown) => void): () => void {
  const { listen } = Server.prototype;
  const onListen = (message: unknown) => onServer((message as { readonly server?: unknown }).server);

  function listenAndTell(this: Server, ...listenArguments: unknown[]): Server {
    // Before whoever else waits for it, and after the announcement.
    this.prependOnceListener('listening', () => onServer(this));
    return Reflect.apply(listen, this, listenArguments) as Server;
  }

  function stopWatching(): void {
    unsubscribe(listenChannel, onListen);
    // Inherited before, from the servers of `node:net`.
    if (Server.prototype.listen === listenAndTell) Reflect.deleteProperty(Server.prototype, 'listen');
  }

  subscribe(listenChannel, onListen);
  Server.prototype.listen = listenAndTell;
  return stopWatching;
}

// One request listener that is an Express app: anything else is a framework that this code does not know.
function isTakeable(server: unknown): server is Server {
  if (!(server instanceof Server)) return false;
  const [app, ...others] = server.listeners('request');
  return others.length === 0 && typeof app === 'function' && 'handle' in app;
}

type SignalListeners = ReadonlyMap<NodeJS.Signals, readonly NodeJS.SignalsListener[]>;

function listenersOfSignals(): SignalListeners {
  return new Map(signals.map((signal) => [signal, process.listeners(signal)]));
}

function removeNewListeners(before: SignalListeners): void {
  for (const [signal, known] of before) {
    for (const added of process.listeners(signal)) {
      if (!known.includes(added)) process.removeListener(signal, added);
    }
  }
}
