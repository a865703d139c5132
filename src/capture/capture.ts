/** Captures what was asked and answered: chooses the requests, writes their rows to the sink, and counts both. */
import type { CaptureSettings } from '../capture-settings';
import type { HttpReply, HttpRequest } from '../http/message';
import { readPredictionId } from '../http/prediction-id';
import type { RequestEvent } from '../http/request-event';
import type { Card } from '../model/card/card';
import type { Model } from '../model/model';
import { bytesInMemory } from '../model/tensors/memory';
import type { Predicted } from '../serving/caller';
import { inTurns, type Work } from '../turns';
import { openFileSink } from './file-sink';
import { createLogSink } from './log-sink';
import { createRecordWriter } from './records';
import type { Sink, SinkReadings } from './sink';

/** Bytes of the requests whose rows are still being written. */
const mostHeldBytes = 32 * 1024 * 1024;

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

/** What is kept until it is written. */
interface Kept {
  readonly endedAt: number;
  readonly bytes: number;
  /** Rows of earlier parts, by the ids of their predictions. */
  readonly rowsBefore: Map<string | undefined, number>;
}

export function createCapture({ share, directory, maxBytes }: CaptureSettings, models: readonly Model[]): Capture {
  for (const { card } of models) checkCard(card);
  const sink = directory === undefined ? createLogSink() : openFileSink(directory, maxBytes);
  const writers = new Map(models.map((model) => [model, createRecordWriter(model.card)]));
  const inWork = new Set<Promise<void>>();
  let heldBytes = 0;
  /** Rows of the parts that have been written of an answer, by the ids of its predictions. */
  const rowsOfParts = new WeakMap<RequestEvent, Kept['rowsBefore']>();

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
    keep(predicted, request, {
      endedAt,
      bytes: request.body.length,
      rowsBefore: rowsOfParts.get(request.event) ?? new Map(),
    });
  }

  function ongoing(request: HttpRequest): void {
    const predicted = request.event.predicted?.splice(0) ?? [];
    if (predicted.length === 0) return;
    const rowsBefore = rowsOfParts.get(request.event) ?? new Map();
    rowsOfParts.set(request.event, rowsBefore);
    const bytes = predicted.reduce((sum, { inputs }) => sum + bytesInMemory(inputs), 0);
    keep(predicted, request, { endedAt: performance.now(), bytes, rowsBefore });
  }

  function keep(predicted: readonly Predicted[], request: HttpRequest, kept: Kept): void {
    const { bytes } = kept;
    if (heldBytes + bytes > mostHeldBytes) {
      for (const { inputs } of predicted) sink.lose('busy', inputs.rows);
      return;
    }
    const writing = inTurns(writeAll(predicted, request, kept));
    if (writing instanceof Promise) hold(writing, predicted, bytes);
  }

  function hold(writing: Promise<void>, [first]: readonly Predicted[], bytes: number): void {
    heldBytes += bytes;
    const done = writing
      .catch((failure) => first?.model.fault(failure))
      .finally(() => {
        heldBytes -= bytes;
        inWork.delete(done);
      });
    inWork.add(done);
  }

  function* writeAll(predicted: readonly Predicted[], { event }: HttpRequest, kept: Kept): Work<void> {
    const { endedAt, rowsBefore } = kept;
    const microseconds = Math.round((endedAt - event.startedAt) * 1_000);
    const heads = {
      before: `"time":"${readTime()}"`,
      after: `"protocol":"${event.protocol}","latencyMicroseconds":${microseconds}`,
    };
    for (const each of predicted) {
      const firstRow = rowsBefore.get(each.id) ?? 0;
      rowsBefore.set(each.id, firstRow + each.inputs.rows);
      const write = writers.get(each.model);
      if (write !== undefined) yield* write(each, firstRow, heads, sink);
    }
  }

  async function close(): Promise<void> {
    await Promise.all(inWork);
    await sink.close();
  }

  return { begin, ongoing, ended, sink, read: sink.read, close };
}

let time = '';
let timeAt = 0;

/** Written once a millisecond. */
function readTime(): string {
  const now = Date.now();
  if (now !== timeAt) [time, timeAt] = [new Date(now).toISOString(), now];
  return time;
}

/** What a record holds must be what a caller could send. */
function checkCard({ version, features }: Card): void {
  const other = features.find(({ tokenizer, pad }) => tokenizer !== undefined || pad !== undefined);
  if (other === undefined) return;
  throw new Error(
    `CAPTURE expects features that stand in the model's tensors as callers send them; ` +
      `"${other.name}" of ${version} is tokenized or filled up. Set CAPTURE=off.`,
  );
}
