/** Turns what was predicted into records, a few rows each, with pauses between them. */
import type { Card } from '../model/card/card';
import { createPredictionWriters } from '../model/predictions/tasks';
import {
  isFree,
  type RowSpan,
  type RowTensor,
  rowWidth,
  type TensorSpec,
  type Tensors,
} from '../model/tensors/tensors';
import type { Predicted } from '../serving/caller';
import type { Work } from '../turns';
import { createHeadWriter, createLineWriter, type Stamp, writeTail } from './line-writer';
import { createRowWriter, type RowWriter } from './row-writer';
import type { Sink } from './sink';

/** Elements written between two looks at the clock, about 0.1 ms. */
const elementsPerStep = 512;
/** Larger rows, such as images, would stall other requests. */
const mostElements = 16_384;
/** Characters that a record is closed at. */
const usualLength = 64 * 1024;

/** Gives rows to a sink, at once or as work; `firstRow` is the place of the first among those of its id. */
export type Recorder = (predicted: Predicted, firstRow: number, stamp: Stamp) => Work<void> | undefined;

export function createRecorder(card: Card, sink: Sink): Recorder {
  const writer = createRowWriter(card);
  const writeLine = createLineWriter(card, writer);
  const { prediction } = createPredictionWriters(card);
  const sizeOf = createSizeOf(card);
  const writeHead = createHeadWriter(card);

  function* writeRows({ id, inputs, outputs }: Predicted, firstRow: number, stamp: Stamp): Work<void> {
    const open = createOpenRecord(writeHead(id, stamp), writeTail(stamp), writer, sink);
    let row = 0;
    let elements = 0;
    for (const { tensors, from, to } of outputs) {
      for (let at = from; at < to; at++, row++) {
        const size = sizeOf(inputs, row);
        elements += size;
        if (elements > elementsPerStep && row > 0) {
          elements = size;
          yield;
        }
        if (size > mostElements) open.skip();
        else open.add(inputs, row, firstRow + row, prediction(tensors, at));
      }
    }
    open.close();
  }

  return (predicted, firstRow, stamp) => {
    const { id, inputs, outputs } = predicted;
    if (inputs.rows > 1 || sizeOf(inputs, 0) > elementsPerStep) return writeRows(predicted, firstRow, stamp);
    // Most requests have one row, and no part of them needs a pause.
    const line = writeLine(id, { tensors: inputs, from: 0 }, outputs[0] as RowSpan, firstRow, stamp);
    addTo(sink, line, 1);
    return undefined;
  };
}

function addTo(sink: Sink, record: string, rows: number): void {
  if (record.length > sink.maxRecordLength) sink.lose('too_large', rows);
  else sink.add(record, rows);
}

/** Collects rows until they are long enough for a record. */
function createOpenRecord(head: string, tail: string, { instance, outside }: RowWriter, sink: Sink) {
  let [instances, predictions, flags] = ['', '', ''];
  let rows = 0;
  let first = 0;

  function add(inputs: Tensors, row: number, place: number, prediction: string): void {
    const comma = rows === 0 ? '' : ',';
    if (rows === 0) first = place;
    instances += comma + instance(inputs, row);
    predictions += comma + prediction;
    const names = outside(inputs, row);
    if (names.length > 0) flags += `${flags === '' ? '' : ','}{"row":${rows},"features":[${names.join()}]}`;
    rows++;
    if (instances.length + predictions.length > usualLength) close();
  }

  function close(): void {
    if (rows === 0) return;
    const start = first === 0 ? '' : `,"firstRow":${first}`;
    const outsiders = flags === '' ? '' : `,"outside":[${flags}]`;
    const record = `${head}${start},"instances":[${instances}],"predictions":[${predictions}]${outsiders},${tail}`;
    addTo(sink, record, rows);
    [instances, predictions, flags] = ['', '', ''];
    rows = 0;
  }

  function skip(): void {
    close();
    sink.lose('too_large', 1);
  }

  return { add, close, skip };
}

/** Elements of a row, in and out; those of free sizes that go in are counted. */
function createSizeOf({ inputs, outputs }: Card): (tensors: Tensors, row: number) => number {
  const free = [...inputs.keys()].filter((index) => isFree(inputs[index] as TensorSpec));
  const fixed = [...inputs, ...outputs].filter((spec) => !isFree(spec));
  const least = fixed.reduce((sum, spec) => sum + rowWidth(spec), 0);
  if (free.length === 0) return () => least;
  return ({ data }, row) =>
    free.reduce((sum, i) => sum + ((data[i] as readonly RowTensor[])[row] as RowTensor).data.length, least);
}
