/** One JSON line per event that an operator must know, in the fields that Cloud Logging reads. */

export type Severity = 'INFO' | 'WARNING' | 'ERROR';

/** Writes one line to standard output. `error` is logged whole, with its causes: it is for operators, never for callers. */
export function logEvent(severity: Severity, message: string, error?: unknown): void {
  const entry = { severity, message, ...(error === undefined ? {} : { error: describeError(error) }) };
  process.stdout.write(`${JSON.stringify(entry)}\n`);
}

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? `${error.name}: ${error.message}`;
  return error.cause === undefined ? own : `${own}\ncaused by ${describeError(error.cause)}`;
}

/** Starts a host; a failure to start, and one later that nobody has caught, is one line that says why and exit code 1. */
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

function exitUncaught(failure: unknown): never {
  logEvent('ERROR', 'A failure that nobody has caught ends the process.', failure);
  process.exit(1);
}

export function exitWith(failure: unknown): never {
  logEvent('ERROR', failure instanceof Error ? failure.message : String(failure));
  process.exit(1);
}
