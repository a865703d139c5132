/** Starts a host's process. A failed start or an uncaught error logs one line and exits with code 1. */
import { logEvent } from '../telemetry/log/log';

export function startOrExit(start: () => void): void {
  // Runs before other listeners: the state of the process is unknown now, and the platform starts another.
  process.prependListener('uncaughtException', exitUncaught);
  process.prependListener('unhandledRejection', exitUncaught);
  try {
    start();
  } catch (failure) {
    exitWith(failure);
  }
}

export function exitWith(failure: unknown): never {
  logEvent('ERROR', messageOf(failure));
  process.exit(1);
}

function messageOf(failure: unknown): string {
  if (!(failure instanceof Error)) return String(failure);
  const { code, port } = failure as NodeJS.ErrnoException & { readonly port?: number };
  if (code !== 'EADDRINUSE') return failure.message;
  return `Port ${port} is taken (EADDRINUSE): stop what listens there, or choose another with PORT.`;
}

function exitUncaught(failure: unknown): never {
  if ((failure as NodeJS.ErrnoException | undefined)?.code === 'EADDRINUSE') exitWith(failure);
  logEvent('ERROR', 'Uncaught error: the process exits.', failure);
  process.exit(1);
}
