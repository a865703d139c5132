/** Sets up the HTTP server of either host: answers malformed requests and drains on a signal. */
import type { Server } from 'node:http';
import type { App } from '../app/app';
import { answerClientErrors } from './client-error';
import { drainOnSignal } from './drain';
import type { Handover } from './handover';

export function ownServer(server: Server, { startDraining, close }: App, handover?: Handover): void {
  answerClientErrors(server, handover);
  drainOnSignal(server, { onStart: startDraining, release: close, handover });
}
