/** One line per event that operators must see: JSON in Cloud Logging fields, or text for people. */
import { escapeText } from './escape';

export type Severity = 'INFO' | 'WARNING' | 'ERROR';

export type LogFormat = 'json' | 'text';

let format: LogFormat = 'json';

/** Called once by the host, before anything can fail. */
export function setLogFormat(chosen: LogFormat): void {
  format = chosen;
}

/** Writes an event to standard output. `error` is logged in full with its causes: operators see it, callers never do. */
export function logEvent(severity: Severity, message: string, error?: unknown): void {
  const text = error === undefined ? undefined : describeError(error);
  process.stdout.write(`${format === 'text' ? toText(severity, message, text) : toJson(severity, message, text)}\n`);
}

function toJson(severity: Severity, message: string, error: string | undefined): string {
  const errorMember = error === undefined ? '' : `,"error":${escapeText(error)}`;
  return `{"severity":"${severity}","message":${escapeText(message)}${errorMember}}`;
}

/** The lines of an error follow, indented. */
function toText(severity: Severity, message: string, error: string | undefined): string {
  const lines = error === undefined ? [] : error.split('\n').map((line) => `    ${escapeLine(line)}`);
  return [`${timeOfDay()} ${severity} ${escapeLine(message)}`, ...lines].join('\n');
}

function escapeLine(text: string): string {
  return escapeText(text).slice(1, -1).replaceAll('\\"', '"');
}

/** The time as shown in text lines. */
export function timeOfDay(): string {
  return new Date().toISOString().slice(11, 23);
}

function describeError(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  const own = error.stack ?? `${error.name}: ${error.message}`;
  return error.cause === undefined ? own : `${own}\ncaused by ${describeError(error.cause)}`;
}
