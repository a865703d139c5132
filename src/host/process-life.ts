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
  logEvent('ERROR', describePort(failure) ?? (failure instanceof Error ? failure.message : String(failure)));
  process.exit(1);
}

/** A port that cannot be listened on is no defect: functions-framework does not handle it, and its stack says nothing. */
function describePort(failure: unknown): string | undefined {
  const { code, syscall, port } = Object(failure) as Partial<Record<'code' | 'syscall' | 'port', unknown>>;
  if (syscall !== 'listen') return undefined;
  if (code === 'EADDRINUSE')
    return `Port ${port} is taken (EADDRINUSE): stop the other process, or set PORT to a free port.`;
  if (code === 'EACCES') return `Port ${port} is not permitted (EACCES): set PORT to a port from 1024 to 65535.`;
  return undefined;
}

function exitUncaught(failure: unknown): never {
  if (describePort(failure) !== undefined) exitWith(failure);
  logEvent('ERROR', 'Uncaught error: the process exits.', failure);
  process.exit(1);
}
