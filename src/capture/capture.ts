/** Captures what was asked and answered: chooses the requests, writes their rows to the sink, and counts both. */
import type { CaptureSettings } from '../capture-settings';
import type { HttpReply, HttpRequest } from '../http/message';
import { readPredictionId } from '../http/prediction-id';
import type { RequestEvent } from '../http/request-event';
import type { Model } from '../model/model';
import { bytesInMemory } from '../model/tensors/memory';
import type { Predicted } from '../serving/caller';
import { inTurns, type Work } from '../turns';
import type { Stamp } from './line-writer';
import { openSink } from './open-sink';
import type { Sink, SinkReadings } from './sink';
import { createUuids } from './uuids';

/** Bytes of the requests whose rows are still to be written. */
const mostHeldBytes = 32 * 1024 * 1024;
/** Records of JSON are built many at once, which takes a third of the time that it takes between requests. */
const usualHeld = { requests: 128, bytes: 256 * 1024 };
const longestHoldMs = 50;
/** Written between two looks at the clock, about 0.1 ms. */
const requestsPerStep = 64;

/** Rows that were written under an id before. */
type RowsById = Map<string | undefined, number>;

/** A request, or a part of one that is answered while it is read, whose rows are to be written. */
interface Held {
  readonly predicted: readonly Predicted[];
  readonly protocol: string;
  readonly answeredAt: number;
  readonly latencyMs: number;
  readonly bytes: number;
  /** Undefined for one prediction that is all of its request. */
  readonly rowsBefore: RowsById | undefined;
}

export interface Capture {
  /** Gives the request an id, and decides whether it is captured. */
  begin(request: HttpRequest): void;
  /** Called between the parts of an answer that is made while it is read: what was predicted is written, and not kept. */
  ongoing(request: HttpRequest): void;
  /** Called once the answer is written. */
  ended(request: HttpRequest, reply: HttpReply, endedAt: number): void;
  readonly sink: Sink;
  read(): SinkReadings;
  close(): Promise<void>;
}

export function createCapture(settings: CaptureSettings, models: readonly Model[]): Capture {
  const { share } = settings;
  const { sink, recorders } = openSink(settings, models);
  const createUuid = createUuids();
  let held: Held[] = [];
  let heldBytes = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;
  const rowsOfParts = new WeakMap<RequestEvent, RowsById>();

  function begin({ method, headers, event }: HttpRequest): void {
    // Documents and probes are no predictions, and their log lines need no id.
    if (method === 'GET') return;
    event.predictionId = readPredictionId(headers) ?? createUuid();
    if (share === 1 || Math.random() < share) event.predicted = [];
  }

  function ended(request: HttpRequest, { status }: HttpReply, endedAt: number): void {
    const { predicted, problem } = request.event;
    if (predicted === undefined || predicted.length === 0) return;
    // Kept no longer than it takes to write them: a connection may keep its last request.
    request.event.predicted = undefined;
    if (problem !== undefined || status >= 400) return;
    const rowsOfId = rowsOfParts.get(request.event);
    const only = predicted.length === 1 && rowsOfId === undefined ? predicted[0] : undefined;
    if (only !== undefined && writeQuickly(only, request.event, endedAt)) return;
    const rowsBefore = rowsOfId ?? (only === undefined ? new Map() : undefined);
    hold(request, { predicted, endedAt, bytes: request.body.length, rowsBefore });
  }

  function ongoing(request: HttpRequest): void {
    const predicted = request.event.predicted?.splice(0) ?? [];
    if (predicted.length === 0) return;
    const rowsBefore: RowsById = rowsOfParts.get(request.event) ?? new Map();
    rowsOfParts.set(request.event, rowsBefore);
    const bytes = predicted.reduce((sum, { inputs }) => sum + bytesInMemory(inputs), 0);
    hold(request, { predicted, endedAt: performance.now(), bytes, rowsBefore });
  }

  function hold(
    { event }: HttpRequest,
    { endedAt, ...kept }: Pick<Held, 'predicted' | 'bytes' | 'rowsBefore'> & { endedAt: number },
  ): void {
    const { predicted, bytes } = kept;
    if (heldBytes + bytes > mostHeldBytes) {
      for (const { inputs } of predicted) sink.lose('busy', inputs.rows);
      return;
    }
    heldBytes += bytes;
    held.push({ ...kept, protocol: event.protocol, answeredAt: Date.now(), latencyMs: endedAt - event.startedAt });
    if (held.length >= usualHeld.requests || heldBytes >= usualHeld.bytes) writeHeld();
    else timer ??= setTimeout(writeHeld, longestHoldMs).unref();
  }

  /** A row that costs less to write than to hold: whether it was one, and is written. */
  function writeQuickly(only: Predicted, { protocol, startedAt }: RequestEvent, endedAt: number): boolean {
    const recordAlone = recorders.get(only.model)?.recordAlone;
    if (only.inputs.rows !== 1 || recordAlone === undefined) return false;
    try {
      recordAlone(only, 0, { protocol, answeredAt: Date.now(), latencyMs: endedAt - startedAt });
    } catch (failure) {
      fail([only], failure);
    }
    return true;
  }

  function writeHeld(): void {
    clearTimeout(timer);
    timer = undefined;
    if (writing !== undefined || held.length === 0) return;
    const taken = held;
    held = [];
    const work = inTurns(writeAll(taken));
    if (!(work instanceof Promise)) return;
    writing = work.finally(() => {
      writing = undefined;
      writeHeld();
    });
  }

  function* writeAll(taken: readonly Held[]): Work<void> {
    for (let i = 0; i < taken.length; i++) {
      const each = taken[i] as Held;
      if (i > 0 && i % requestsPerStep === 0) yield;
      try {
        const rest = writeOne(each);
        if (rest !== undefined) yield* rest;
      } catch (failure) {
        fail(each.predicted, failure);
      }
      heldBytes -= each.bytes;
    }
  }

  function fail(predicted: readonly Predicted[], failure: unknown): void {
    predicted[0]?.model.fault(failure);
    for (const { inputs } of predicted) sink.lose('failed', inputs.rows);
  }

  /** Gives what is left of a request of many rows as work. */
  function writeOne({ predicted, protocol, answeredAt, latencyMs, rowsBefore }: Held): Work<void> | undefined {
    const stamp = { protocol, answeredAt, latencyMs };
    const [first] = predicted as readonly [Predicted];
    if (rowsBefore === undefined) return recorders.get(first.model)?.record(first, 0, stamp);
    return writeSeveral(predicted, stamp, rowsBefore);
  }

  /** An id names the rows of all that was predicted under it. */
  function* writeSeveral(predicted: readonly Predicted[], stamp: Stamp, rowsBefore: RowsById): Work<void> {
    for (const each of predicted) {
      const firstRow = rowsBefore.get(each.id) ?? 0;
      rowsBefore.set(each.id, firstRow + each.inputs.rows);
      const rest = recorders.get(each.model)?.record(each, firstRow, stamp);
      if (rest !== undefined) yield* rest;
    }
  }

  async function close(): Promise<void> {
    writeHeld();
    while (writing !== undefined) await writing;
    await sink.close();
  }

  /** Feedback stands behind what it is about. */
  function addAll(records: readonly string[]): boolean {
    writeHeld();
    return sink.addAll(records);
  }

  return { begin, ongoing, ended, sink: { ...sink, addAll }, read: sink.read, close };
}
