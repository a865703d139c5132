/** How long a connection may take for what, on both hosts. */
import type { Server } from 'node:http';
import { createUnreadWatch } from './unread';

export interface ClientTimeouts {
  /** How long a whole request may take to arrive, and how long nothing of an answer may be read. */
  readonly clientTimeoutMs: number;
}

/** Longer than a load balancer keeps an idle connection (600 s), so that it never sends into one that has just closed. */
const keepAliveTimeoutMs = 620_000;
const headersTimeoutMs = 10_000;
/** How often Node looks for requests that are late. */
const checkingIntervalMs = 5000;

/** To be called before the server is listening: Node begins to look for late requests then. */
export function setTimeouts(server: Server, { clientTimeoutMs }: ClientTimeouts): void {
  server.keepAliveTimeout = keepAliveTimeoutMs;
  server.headersTimeout = Math.min(headersTimeoutMs, clientTimeoutMs);
  server.requestTimeout = clientTimeoutMs;
  server.on('connection', createUnreadWatch(clientTimeoutMs));
  // An option of the constructor, which a server that another has made is not given.
  Object.assign(server, { connectionsCheckingInterval: Math.min(checkingIntervalMs, clientTimeoutMs / 2) });
}
