/** Captured rows of one model as batches of an Arrow stream: their numbers are copied as they are. */
import { writeBatch, writeSchema } from '../arrow/write-stream';
import { bytesOf } from '../arrow/written-values';
import type { Card } from '../model/card/card';
import type { Model } from '../model/model';
import type { RowSpan } from '../model/tensors/tensors';
import { repeatedTexts, toLongs, valuesOf } from './column-buffers';
import { createHeldRows } from './held-rows';
import { headFields, toLayout } from './layout';
import type { Stamp } from './line-writer';
import { createPieces, type Pending } from './pieces';
import { toShownCard } from './shown-card';

/** Of a batch. */
const mostRows = 2048;
const usualBytes = 1024 * 1024;
/** A larger card would be most of what is written. */
const largestCard = 256 * 1024;

export interface Table extends Pending {
  /** What a file begins with. */
  readonly schema: Buffer;
  /** Elements of a row, in and out. */
  readonly elements: number;
  /** Bytes of a row, besides its strings. */
  readonly rowBytes: number;
  /** As `HeldRows.add`. */
  add(id: string, inputs: RowSpan, outputs: RowSpan, place: number, stamp: Stamp): number;
}

/** Undefined for a model whose rows do not fit columns. */
export function createTable({ card, cardBytes }: Pick<Model, 'card' | 'cardBytes'>): Table | undefined {
  const layout = toLayout(card);
  if (layout === undefined) return undefined;
  const shown = JSON.stringify(toShownCard(JSON.parse(cardBytes.toString()) as Card));
  if (shown.length > largestCard) return undefined;
  const { values, elements, bytes: rowBytes } = layout;
  const capacity = Math.max(1, Math.min(mostRows, Math.floor(usualBytes / rowBytes)));
  const fields = [...headFields, ...values];
  // What reads the file makes records of it by the card as it was then.
  const schema = Buffer.concat(writeSchema(fields, { card: shown }));
  const held = createHeldRows(card, capacity);
  const pieces = createPieces();

  function add(id: string, inputs: RowSpan, outputs: RowSpan, place: number, stamp: Stamp): number {
    const added = held.add(id, inputs, outputs, place, stamp);
    if (held.count() === capacity || held.textBytes() > usualBytes) closeBatch();
    return added;
  }

  function closeBatch(): void {
    const rows = held.count();
    if (rows === 0) return;
    const columns = [...headBuffers(rows), ...values.map((column) => valuesOf(held[column.tensors], column, rows))];
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
    held.clear();
  }

  /** In the order of their fields. */
  function headBuffers(rows: number): Buffer[][] {
    const { ids, idEnds, places, times, protocols, latencyMicroseconds } = held;
    return [
      [bytesOf(idEnds.subarray(0, rows + 1)), ids.subarray(0, idEnds[rows])],
      [bytesOf(places.subarray(0, rows))],
      [bytesOf(toLongs(times.subarray(0, rows)))],
      repeatedTexts(protocols.slice(0, rows)),
      [bytesOf(latencyMicroseconds.subarray(0, rows))],
    ];
  }

  return {
    ...pieces,
    schema,
    elements,
    rowBytes,
    add,
    bytes: () => pieces.bytes() + held.count() * rowBytes + held.textBytes(),
    rows: () => pieces.rows() + held.count(),
    seal() {
      closeBatch();
      pieces.seal();
    },
    clear() {
      held.clear();
      pieces.clear();
    },
  };
}
