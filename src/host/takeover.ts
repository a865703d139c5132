/** Takes over the HTTP server that functions-framework starts, so that requests reach our listener instead of its middleware. */
import { subscribe, unsubscribe } from 'node:diagnostics_channel';
import { Server } from 'node:http';
import type { RequestListener } from './listener';

/** Node publishes each server here when it starts to listen, before its first connection. */
const listenChannel = 'tracing:net.server.listen:asyncEnd';
/** At signals the framework exits at once; at an exit that is no success it prints a stack. */
const endings = ['SIGTERM', 'SIGINT', 'exit'] as const;

/** Calls back with the framework's server, the first to listen, before its first connection. Removes what listens to the end of the process and was added after `onFound`. */
export function findServer(onFound: (server: Server) => void): void {
  let known: EndListeners = new Map();
  const stopLooking = watchServers({
    onListen(server) {
      stopLooking();
      onFound(server);
      known = endListeners();
    },
    // The framework adds its own in the callback of listen.
    onListening: () => removeNewListeners(known),
  });
}

/** Removes and returns the server's request listeners. */
export function takeListeners(server: Server): RequestListener[] {
  const listeners = server.listeners('request') as RequestListener[];
  server.removeAllListeners('request');
  return listeners;
}

/** Whether requests may bypass these listeners: only a single Express app is a framework that this code knows. */
export function isPassable([app, ...others]: readonly RequestListener[]): boolean {
  return others.length === 0 && app !== undefined && 'handle' in app;
}

interface Watch {
  /** A server starts to listen; runs before its other `listening` listeners. */
  readonly onListen: (server: Server) => void;
  /** Runs after its other `listening` listeners. */
  readonly onListening: () => void;
}

/** Watches for servers through the channel and through `listen`, because not every Node version publishes them. */
function watchServers({ onListen, onListening }: Watch): () => void {
  const { listen } = Server.prototype;
  let isLooking = true;

  function onAnnounced(message: unknown): void {
    const { server } = message as { readonly server?: unknown };
    if (server instanceof Server && isLooking) onListen(server.once('listening', onListening));
  }

  function listenAndTell(this: Server, ...listenArguments: unknown[]): Server {
    this.prependOnceListener('listening', () => {
      if (isLooking) onListen(this);
    });
    Reflect.apply(listen, this, listenArguments);
    return this.once('listening', onListening);
  }

  function stopLooking(): void {
    isLooking = false;
    unsubscribe(listenChannel, onAnnounced);
    // Restores the method inherited from `node:net`.
    if (Server.prototype.listen === listenAndTell) Reflect.deleteProperty(Server.prototype, 'listen');
  }

  subscribe(listenChannel, onAnnounced);
  Server.prototype.listen = listenAndTell;
  return stopLooking;
}

type Listener = (...given: unknown[]) => void;
type EndListeners = ReadonlyMap<string, readonly Listener[]>;

// Types differ from event to event; only identity counts here.
const own: NodeJS.EventEmitter = process;
const listenersOf = (event: string) => own.listeners(event) as Listener[];

function endListeners(): EndListeners {
  return new Map(endings.map((event) => [event, listenersOf(event)]));
}

function removeNewListeners(before: EndListeners): void {
  for (const [event, known] of before) {
    for (const added of listenersOf(event)) {
      if (!known.includes(added)) own.removeListener(event, added);
    }
  }
}
