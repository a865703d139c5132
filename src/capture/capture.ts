/** Captures what was asked and answered: chooses the requests, writes their rows to the sink, and counts both. */
import type { CaptureSettings } from '../capture-settings';
import type { HttpReply, HttpRequest } from '../http/message';
import { readPredictionId } from '../http/prediction-id';
import type { RequestEvent } from '../http/request-event';
import type { Model } from '../model/model';
import { bytesInMemory } from '../model/tensors/memory';
import type { Predicted } from '../serving/caller';
import { inTurns, type Work } from '../turns';
import { openFileSink } from './file-sink';
import { createLogSink } from './log-sink';
import { createRecordWriter, type Heads } from './records';
import type { Sink, SinkReadings } from './sink';

/** Bytes of the requests whose rows are still to be written. */
const mostHeldBytes = 32 * 1024 * 1024;
/** Records are built many at once, which takes a third of the time that it takes between requests. */
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

export function createCapture({ share, directory, maxBytes }: CaptureSettings, models: readonly Model[]): Capture {
  const sink = directory === undefined ? createLogSink() : openFileSink(directory, maxBytes);
  const writers = new Map(models.map((model) => [model, createRecordWriter(model.card)]));
  let held: Held[] = [];
  let heldBytes = 0;
  let timer: NodeJS.Timeout | undefined;
  let writing: Promise<void> | undefined;
  const rowsOfParts = new WeakMap<RequestEvent, RowsById>();

  function begin({ headers, event }: HttpRequest): void {
    event.predictionId = readPredictionId(headers) ?? crypto.randomUUID();
    if (share === 1 || Math.random() < share) event.predicted = [];
  }

  function ended(request: HttpRequest, { status }: HttpReply, endedAt: number): void {
    const { predicted, problem } = request.event;
    if (predicted === undefined || predicted.length === 0) return;
    // Kept no longer than it takes to write them: a connection may keep its last request.
    request.event.predicted = undefined;
    if (problem !== undefined || status >= 400) return;
    const rowsBefore = rowsOfParts.get(request.event) ?? (predicted.length === 1 ? undefined : new Map());
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
        fail(each, failure);
      }
      heldBytes -= each.bytes;
    }
  }

  function fail({ predicted }: Held, failure: unknown): void {
    predicted[0]?.model.fault(failure);
    for (const { inputs } of predicted) sink.lose('failed', inputs.rows);
  }

  /** Gives what is left of a request of many rows as work. */
  function writeOne({ predicted, protocol, answeredAt, latencyMs, rowsBefore }: Held): Work<void> | undefined {
    const heads = {
      before: `"time":"${toTime(answeredAt)}"`,
      after: `"protocol":"${protocol}","latencyMicroseconds":${Math.round(latencyMs * 1_000)}`,
    };
    const [first] = predicted as readonly [Predicted];
    if (rowsBefore === undefined) return writers.get(first.model)?.(first, 0, heads, sink);
    return writeSeveral(predicted, heads, rowsBefore);
  }

  /** An id names the rows of all that was predicted under it. */
  function* writeSeveral(predicted: readonly Predicted[], heads: Heads, rowsBefore: RowsById): Work<void> {
    for (const each of predicted) {
      const firstRow = rowsBefore.get(each.id) ?? 0;
      rowsBefore.set(each.id, firstRow + each.inputs.rows);
      const rest = writers.get(each.model)?.(each, firstRow, heads, sink);
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

let time = '';
let timeAt = 0;

/** Written once a millisecond. */
function toTime(at: number): string {
  if (at !== timeAt) [time, timeAt] = [new Date(at).toISOString(), at];
  return time;
}
