/** Timeouts of client connections, on both hosts. */
import type { Server } from 'node:http';
import { createUnreadWatch } from './unread';

export interface ClientTimeouts {
  /** How long a whole request may take to arrive, and an answer may stay unread. */
  readonly clientTimeoutMs: number;
}

/** Longer than a load balancer keeps an idle connection (600 s), so that it never sends on one that just closed. */
const keepAliveTimeoutMs = 620_000;
const headersTimeoutMs = 10_000;
/** How often Node checks for late requests. */
const checkingIntervalMs = 5000;

/** Call before the server listens: Node starts to check for late requests then. */
export function setTimeouts(server: Server, { clientTimeoutMs }: ClientTimeouts): void {
  server.keepAliveTimeout = keepAliveTimeoutMs;
  server.headersTimeout = Math.min(headersTimeoutMs, clientTimeoutMs);
  server.requestTimeout = clientTimeoutMs;
  server.on('connection', createUnreadWatch(clientTimeoutMs));
  // A constructor option; functions-framework constructs its server without it.
  Object.assign(server, { connectionsCheckingInterval: Math.min(checkingIntervalMs, clientTimeoutMs / 2) });
}
