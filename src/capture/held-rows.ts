/** Rows that were predicted by one model, copied column by column until there are enough to write: that leaves nothing behind for each request. */
import type { Card } from '../model/card/card';
import { datatypes } from '../model/tensors/datatypes';
import {
  copyRows,
  createTensors,
  type RowSpan,
  rowWidth,
  type TensorSpec,
  type Tensors,
} from '../model/tensors/tensors';
import type { Stamp } from './line-writer';

const largestId = 128;
const largestLatency = 2 ** 31 - 1;

export interface HeldRows {
  readonly inputs: Tensors;
  readonly outputs: Tensors;
  /** In ASCII, each from the end of the one before to its own. */
  readonly ids: Buffer;
  readonly idEnds: Int32Array;
  /** Of a row among those of its id. */
  readonly places: Int32Array;
  /** Milliseconds since 1970. */
  readonly times: Float64Array;
  readonly latencyMicroseconds: Int32Array;
  readonly protocols: readonly string[];
  /** How many there are. */
  count(): number;
  /** Bytes of their strings, ids aside. */
  textBytes(): number;
  /**
   * Copies rows that were predicted under one id, as many as there is room for; returns how many.
   * `place` is that of the first among the rows of its id.
   */
  add(id: string, inputs: RowSpan, outputs: RowSpan, place: number, stamp: Stamp): number;
  clear(): void;
}

export function createHeldRows(card: Pick<Card, 'inputs' | 'outputs'>, capacity: number): HeldRows {
  const held = { inputs: createTensors(card.inputs, capacity), outputs: createTensors(card.outputs, capacity) };
  const ids = Buffer.allocUnsafe(capacity * largestId);
  const idEnds = new Int32Array(capacity + 1);
  const [places, latencyMicroseconds] = [new Int32Array(capacity), new Int32Array(capacity)];
  const times = new Float64Array(capacity);
  const protocols = new Array<string>(capacity).fill('');
  const texts = [...textsOf(card.inputs, held.inputs), ...textsOf(card.outputs, held.outputs)];
  let rows = 0;
  let textBytes = 0;

  function add(id: string, inputs: RowSpan, outputs: RowSpan, place: number, stamp: Stamp): number {
    const count = Math.min(capacity - rows, inputs.to - inputs.from);
    const end = rows + count;
    copyRows(firstOf(inputs, count), held.inputs, rows);
    copyRows(firstOf(outputs, count), held.outputs, rows);
    const latency = Math.min(Math.round(stamp.latencyMs * 1_000), largestLatency);
    for (let row = rows; row < end; row++) {
      addId(id, row);
      places[row] = place + row - rows;
      times[row] = stamp.answeredAt;
      latencyMicroseconds[row] = latency;
      protocols[row] = stamp.protocol;
    }
    for (const { elements, width } of texts) textBytes += bytesOf(elements.slice(rows * width, end * width));
    rows = end;
    return count;
  }

  /** A call of the encoder costs more than the loop. */
  function addId(id: string, row: number): void {
    const start = idEnds[row] as number;
    for (let i = 0; i < id.length; i++) ids[start + i] = id.charCodeAt(i);
    idEnds[row + 1] = start + id.length;
  }

  return {
    ...held,
    ids,
    idEnds,
    places,
    times,
    latencyMicroseconds,
    protocols,
    count: () => rows,
    textBytes: () => textBytes,
    add,
    clear() {
      [rows, textBytes] = [0, 0];
    },
  };
}

function textsOf(specs: readonly TensorSpec[], { data }: Tensors) {
  return specs.flatMap((spec, i) =>
    datatypes[spec.datatype].kind === 'text' ? [{ elements: data[i] as string[], width: rowWidth(spec) }] : [],
  );
}

function bytesOf(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}

function firstOf(span: RowSpan, rows: number): RowSpan {
  const { tensors, from, to } = span;
  return to - from === rows ? span : { tensors, from, to: from + rows };
}
