/** Copies what was predicted into the table of its model, many rows in steps with pauses between them. */
import type { RowSpan } from '../model/tensors/tensors';
import type { Predicted } from '../serving/caller';
import type { Work } from '../turns';
import type { FileSink } from './file-sink';
import type { Stamp } from './line-writer';
import type { Recorder } from './records';
import type { Table } from './table';

/** Elements copied between two looks at the clock, about 0.1 ms. */
const elementsPerStep = 16_384;

export function createTableRecorder(table: Table, sink: FileSink): Recorder {
  const { elements, rowBytes } = table;
  const rowsPerStep = Math.max(1, Math.floor(elementsPerStep / elements));

  /** Gives how many rows were copied; those that there is no room for count, too. */
  function copy(id: string, inputs: RowSpan, outputs: RowSpan, place: number, stamp: Stamp): number {
    const rows = inputs.to - inputs.from;
    if (!sink.hasRoom(rows * rowBytes, rows)) return rows;
    const copied = table.add(id, inputs, outputs, place, stamp);
    sink.added();
    return copied;
  }

  function* copyAll({ id = '', inputs, outputs }: Predicted, firstRow: number, stamp: Stamp): Work<void> {
    let row = 0;
    for (const { tensors, from: start, to: end } of outputs) {
      for (let from = start; from < end; ) {
        const rows = Math.min(end - from, rowsPerStep);
        const asked = { tensors: inputs, from: row, to: row + rows };
        const copied = copy(id, asked, { tensors, from, to: from + rows }, firstRow + row, stamp);
        from += copied;
        row += copied;
        yield;
      }
    }
  }

  return (predicted, firstRow, stamp) => {
    const { id = '', inputs, outputs } = predicted;
    if (inputs.rows > 1) return copyAll(predicted, firstRow, stamp);
    copy(id, { tensors: inputs, from: 0, to: 1 }, outputs[0] as RowSpan, firstRow, stamp);
    return undefined;
  };
}
