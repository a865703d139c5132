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
  logEvent('ERROR', failure instanceof Error ? failure.message : String(failure));
  process.exit(1);
}

function exitUncaught(failure: unknown): never {
  logEvent('ERROR', 'Uncaught error: the process exits.', failure);
  process.exit(1);
}
