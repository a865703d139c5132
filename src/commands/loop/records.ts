/** The records that a server writes, told from whatever else a line may hold: somebody may have edited it, or a crash cut it off. */
import { isPredictionId } from '../../http/prediction-id';

export type Members = Readonly<Record<string, unknown>>;
export type Truth = string | number;

export interface CaptureRecord {
  readonly kind: 'capture';
  readonly id: string;
  readonly firstRow: number;
  readonly version: string;
  /** In UTC, as 2026-11-27T01:41:47.246Z. */
  readonly time: string;
  /** As they are written, of whatever type. */
  readonly protocol: unknown;
  readonly latencyMicroseconds: unknown;
  /** As many as instances. */
  readonly predictions: readonly Members[];
  readonly instances: readonly Members[];
  /** Rows of the record that lie outside the training range, with the names of the features that do, as they are written. */
  readonly outside: ReadonlyMap<number, unknown>;
}

export interface FeedbackRecord {
  readonly kind: 'feedback';
  readonly id: string;
  readonly row: number;
  readonly truth: Truth;
  /** As it is written, of whatever type. */
  readonly time: unknown;
}

/** `JSON.parse`, or what keeps long integers. */
export type Parse = (text: string) => unknown;

/** As a card may have it. */
const versionForm = /^[A-Za-z0-9][\w.-]{0,127}$/;
const timeForm = /^\d{4}-\d\d-\d\dT/;

/** What a line says of the model of this name: `other` of another model, undefined if it is no record. */
export function parseRecord(
  line: string,
  model: string,
  parse: Parse,
): CaptureRecord | FeedbackRecord | 'other' | undefined {
  const record = read(line, parse);
  if (!isMembers(record) || typeof record.model !== 'string' || !isPredictionId(record.id)) return undefined;
  if (record.model !== model) return 'other';
  return record.feedback === undefined ? toCapture(record, record.id) : toFeedback(record, record.id);
}

function toCapture(record: Members, id: string): CaptureRecord | undefined {
  const { firstRow = 0, version, time, instances, predictions, outside = [], protocol, latencyMicroseconds } = record;
  if (!isRow(firstRow) || typeof version !== 'string' || !versionForm.test(version)) return undefined;
  if (typeof time !== 'string' || !timeForm.test(time)) return undefined;
  if (!areMembers(instances) || !areMembers(predictions) || instances.length !== predictions.length) return undefined;
  if (!areMembers(outside)) return undefined;
  return {
    kind: 'capture',
    id,
    firstRow,
    version,
    time,
    protocol,
    latencyMicroseconds,
    instances,
    predictions,
    outside: new Map(outside.map(({ row, features }) => [Number(row), features])),
  };
}

function toFeedback({ row = 0, feedback, time }: Members, id: string): FeedbackRecord | undefined {
  if (!isRow(row) || !isMembers(feedback)) return undefined;
  const truth = feedback.label ?? feedback.value;
  return typeof truth === 'string' || Number.isFinite(truth)
    ? { kind: 'feedback', id, row, truth: truth as Truth, time }
    : undefined;
}

function read(line: string, parse: Parse): unknown {
  try {
    return parse(line);
  } catch {
    return undefined;
  }
}

function isRow(value: unknown): value is number {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}

function areMembers(values: unknown): values is readonly Members[] {
  return Array.isArray(values) && values.every(isMembers);
}

function isMembers(value: unknown): value is Members {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
