/** How a host's process starts, and how it ends when that fails or a failure is caught by nobody: one line that says why, and exit code 1. */
import { logEvent } from '../telemetry/log/log';

export function startOrExit(start: () => void): void {
  // Before other listeners: nobody knows any more what state the process is in, and the platform starts another.
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
  logEvent('ERROR', 'A failure that nobody has caught ends the process.', failure);
  process.exit(1);
}
