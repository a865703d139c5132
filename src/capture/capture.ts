/** Captures what was asked and answered: chooses the requests, writes their rows to the sink, and counts both. */
import type { CaptureSettings } from '../capture-settings';
import type { HttpReply, HttpRequest } from '../http/message';
import { readPredictionId } from '../http/prediction-id';
import type { Card } from '../model/card/card';
import type { Model } from '../model/model';
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
  /** Called once the answer is written. */
  ended(request: HttpRequest, reply: HttpReply, endedAt: number): void;
  readonly sink: Sink;
  read(): SinkReadings;
  close(): Promise<void>;
}

export function createCapture({ share, directory, maxBytes }: CaptureSettings, models: readonly Model[]): Capture {
  for (const { card } of models) checkCard(card);
  const sink = directory === undefined ? createLogSink() : openFileSink(directory, maxBytes);
  const writers = new Map(models.map((model) => [model, createRecordWriter(model.card)]));
  const inWork = new Set<Promise<void>>();
  let heldBytes = 0;

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
    const bytes = request.body.length;
    if (heldBytes + bytes > mostHeldBytes) {
      for (const { inputs } of predicted) sink.lose('busy', inputs.rows);
      return;
    }
    const writing = inTurns(writeAll(predicted, request, endedAt));
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

  function* writeAll(predicted: readonly Predicted[], { event }: HttpRequest, endedAt: number): Work<void> {
    const microseconds = Math.round((endedAt - event.startedAt) * 1_000);
    const heads = {
      before: `"time":"${readTime()}"`,
      after: `"protocol":"${event.protocol}","latencyMicroseconds":${microseconds}`,
    };
    const next = new Map<string | undefined, number>();
    for (const each of predicted) {
      const firstRow = next.get(each.id) ?? 0;
      next.set(each.id, firstRow + each.inputs.rows);
      const write = writers.get(each.model);
      if (write !== undefined) yield* write(each, firstRow, heads, sink);
    }
  }

  async function close(): Promise<void> {
    await Promise.all(inWork);
    await sink.close();
  }

  return { begin, ended, sink, read: sink.read, close };
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
