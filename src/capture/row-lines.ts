/** Rows of requests of one row each, written as lines of JSON a few hundred at a time: between requests the same lines take several times as long. */
import type { Card } from '../model/card/card';
import type { RowSpan } from '../model/tensors/tensors';
import { createHeldRows } from './held-rows';
import { toLayout } from './layout';
import { createLineWriter, type Stamp } from './line-writer';
import type { Sink } from './sink';

/** Written in about 0.2 ms. */
const mostRows = 256;
const mostElements = 4096;
/** Strings of the rows that are held. */
const usualTextBytes = 64 * 1024;

/** Takes lines, with a line break between them. */
export interface LineTarget extends Pick<Sink, 'maxRecordLength' | 'lose'> {
  add(lines: string, rows: number): void;
}

export interface RowLines {
  /** Bytes of a row, besides its strings. */
  readonly rowBytes: number;
  rows(): number;
  bytes(): number;
  /** Holds a row; writes what is held when that is enough. */
  add(id: string, inputs: RowSpan, outputs: RowSpan, place: number, stamp: Stamp): void;
  /** Writes what is held. */
  flush(): void;
  clear(): void;
}

/** Undefined for a model whose rows do not fit columns, or are so large that a few are enough. */
export function createRowLines(card: Card, target: LineTarget): RowLines | undefined {
  const layout = toLayout(card);
  if (layout === undefined || layout.elements > mostElements) return undefined;
  const { bytes: rowBytes, elements } = layout;
  const capacity = Math.min(mostRows, Math.floor(mostElements / elements));
  const held = createHeldRows(card, capacity);
  const writeLine = createLineWriter(card);

  function add(id: string, inputs: RowSpan, outputs: RowSpan, place: number, stamp: Stamp): void {
    held.add(id, inputs, outputs, place, stamp);
    if (held.count() === capacity || held.textBytes() > usualTextBytes) flush();
  }

  function flush(): void {
    const rows = held.count();
    held.clear();
    let [lines, count] = ['', 0];
    const ids = held.ids.toString('latin1', 0, held.idEnds[rows]);
    for (let row = 0; row < rows; row++) {
      const line = lineOf(ids, row);
      if (line.length > target.maxRecordLength) {
        target.lose('too_large', 1);
        continue;
      }
      lines += count === 0 ? line : `\n${line}`;
      count++;
    }
    // At once: lines that wait as strings would be copied with each collection of garbage.
    if (count > 0) target.add(lines, count);
  }

  function lineOf(ids: string, row: number): string {
    const { inputs, outputs, idEnds, places, times, latencyMicroseconds, protocols } = held;
    const id = ids.slice(idEnds[row], idEnds[row + 1]);
    const stamp = {
      protocol: protocols[row] as string,
      answeredAt: times[row] as number,
      latencyMs: (latencyMicroseconds[row] as number) / 1_000,
    };
    return writeLine(id, { tensors: inputs, from: row }, { tensors: outputs, from: row }, places[row] as number, stamp);
  }

  return {
    rowBytes,
    rows: held.count,
    bytes: () => held.count() * rowBytes + held.textBytes(),
    add,
    flush,
    clear: held.clear,
  };
}
