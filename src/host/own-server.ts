/** Sets up the HTTP server of either host: answers malformed requests and drains on a signal. */
import type { Server } from 'node:http';
import type { App } from '../app/app';
import { answerClientErrors } from './client-error';
import { drainOnSignal } from './drain';

export function ownServer(server: Server, { startDraining, close }: App): void {
  answerClientErrors(server);
  drainOnSignal(server, { onStart: startDraining, release: close });
}
