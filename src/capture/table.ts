/** Captured rows of one model as batches of an Arrow stream: their numbers are copied as they are, in a tenth of the time that their JSON takes. */
import { writeBatch, writeSchema } from '../arrow/write-stream';
import { bytesOf } from '../arrow/written-values';
import type { Card } from '../model/card/card';
import type { Model } from '../model/model';
import { datatypes } from '../model/tensors/datatypes';
import { copyRows, createTensors, type RowSpan } from '../model/tensors/tensors';
import { createRuns, valuesOf } from './column-buffers';
import { headFields, toLayout, type ValueColumn } from './layout';
import type { Stamp } from './line-writer';
import { createPieces, type Pending } from './pieces';
import { toShownCard } from './shown-card';

/** Of a batch. */
const mostRows = 2048;
const usualBytes = 1024 * 1024;
/** A larger card would be most of what is written. */
const largestCard = 256 * 1024;
const largestId = 128;
const largestLatency = 2 ** 31 - 1;

export interface Table extends Pending {
  /** What a file begins with. */
  readonly schema: Buffer;
  /** Elements of a row, in and out. */
  readonly elements: number;
  /** Bytes of a row, besides its strings. */
  readonly rowBytes: number;
  /**
   * Copies rows that were predicted under one id, as many as there is room for in the batch; returns how many.
   * `place` is that of the first among the rows of its id.
   */
  add(id: string, inputs: RowSpan, outputs: RowSpan, place: number, stamp: Stamp): number;
}

/** Undefined for a model whose rows do not fit columns. */
export function createTable({ card, cardBytes }: Pick<Model, 'card' | 'cardBytes'>): Table | undefined {
  const layout = toLayout(card);
  const shown = JSON.stringify(toShownCard(JSON.parse(cardBytes.toString()) as Card));
  if (layout === undefined || shown.length > largestCard) return undefined;
  const { values, elements, bytes: rowBytes } = layout;
  const capacity = Math.max(1, Math.min(mostRows, Math.floor(usualBytes / rowBytes)));
  const fields = [...headFields, ...values];
  // What reads the file makes records of it by the card as it was then.
  const schema = Buffer.concat(writeSchema(fields, { card: shown }));
  const held = { inputs: createTensors(card.inputs, capacity), outputs: createTensors(card.outputs, capacity) };
  const texts = values.filter(isText);
  const ids = Buffer.allocUnsafe(capacity * largestId);
  const idEnds = new Int32Array(capacity + 1);
  const [places, latencies] = [new Int32Array(capacity), new Int32Array(capacity)];
  const times = new BigInt64Array(capacity);
  const protocols = createRuns();
  const pieces = createPieces();
  let time = 0n;
  let rows = 0;
  let textBytes = 0;

  function add(id: string, inputs: RowSpan, outputs: RowSpan, place: number, stamp: Stamp): number {
    const { protocol, answeredAt, latencyMs } = stamp;
    const count = Math.min(capacity - rows, inputs.to - inputs.from);
    const end = rows + count;
    copyRows(firstOf(inputs, count), held.inputs, rows);
    copyRows(firstOf(outputs, count), held.outputs, rows);
    const latency = Math.min(Math.round(latencyMs * 1_000), largestLatency);
    const answered = toLong(answeredAt);
    for (let row = rows; row < end; row++) {
      addId(id, row);
      places[row] = place + row - rows;
      times[row] = answered;
      latencies[row] = latency;
    }
    protocols.add(protocol, count);
    for (const { tensors, index, width } of texts)
      textBytes += bytesOfTexts((held[tensors].data[index] as string[]).slice(rows * width, end * width));
    rows = end;
    if (rows === capacity || textBytes > usualBytes) closeBatch();
    return count;
  }

  /** In ASCII. A call of the encoder costs more than the loop. */
  function addId(id: string, row: number): void {
    const start = idEnds[row] as number;
    for (let i = 0; i < id.length; i++) ids[start + i] = id.charCodeAt(i);
    idEnds[row + 1] = start + id.length;
  }

  function closeBatch(): void {
    if (rows === 0) return;
    const columns = [...headBuffers(), ...values.map((column) => valuesOf(held[column.tensors], column, rows))];
    const written = writeBatch(
      fields.map((field, i) => ({ ...field, buffers: columns[i] as Buffer[] })),
      rows,
    );
    const length = written.reduce((sum, each) => sum + each.length, 0);
    pieces.add(length, rows, (buffer, at) => {
      let end = at;
      for (const each of written) end += each.copy(buffer, end);
      return length;
    });
    [rows, textBytes] = [0, 0];
  }

  /** Made once a millisecond. */
  function toLong(milliseconds: number): bigint {
    if (milliseconds !== Number(time)) time = BigInt(milliseconds);
    return time;
  }

  /** In the order of their fields. */
  function headBuffers(): Buffer[][] {
    return [
      [bytesOf(idEnds.subarray(0, rows + 1)), ids.subarray(0, idEnds[rows])],
      [bytesOf(places.subarray(0, rows))],
      [bytesOf(times.subarray(0, rows))],
      protocols.take(),
      [bytesOf(latencies.subarray(0, rows))],
    ];
  }

  return {
    ...pieces,
    schema,
    elements,
    rowBytes,
    add,
    bytes: () => pieces.bytes() + rows * rowBytes + textBytes,
    rows: () => pieces.rows() + rows,
    seal() {
      closeBatch();
      pieces.seal();
    },
    clear() {
      protocols.take();
      [rows, textBytes] = [0, 0];
      pieces.clear();
    },
  };
}

function firstOf(span: RowSpan, rows: number): RowSpan {
  const { tensors, from, to } = span;
  return to - from === rows ? span : { tensors, from, to: from + rows };
}

function isText({ datatype }: ValueColumn): boolean {
  return datatypes[datatype].kind === 'text';
}

function bytesOfTexts(texts: readonly string[]): number {
  return texts.reduce((sum, text) => sum + Buffer.byteLength(text), 0);
}
