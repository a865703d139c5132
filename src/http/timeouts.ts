/** How long a connection may take for what, on both hosts. */
import type { Server } from 'node:http';

/** Longer than a load balancer keeps an idle connection (600 s), so that it never sends into one that has just closed. */
const keepAliveTimeoutMs = 620_000;
const headersTimeoutMs = 10_000;
const requestTimeoutMs = 60_000;

export function setTimeouts(server: Server): void {
  server.keepAliveTimeout = keepAliveTimeoutMs;
  server.headersTimeout = headersTimeoutMs;
  server.requestTimeout = requestTimeoutMs;
}
