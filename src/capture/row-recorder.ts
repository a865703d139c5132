/** Holds rows that came alone until they are written as lines. */
import type { RowSpan } from '../model/tensors/tensors';
import type { FileSink } from './file-sink';
import type { Recorder } from './records';
import type { RowLines } from './row-lines';

/** What came together is left to another recorder. */
export function createRowRecorder(rows: RowLines, sink: FileSink, together: Recorder): Recorder {
  return (predicted, firstRow, stamp) => {
    const { id = '', inputs, outputs } = predicted;
    if (inputs.rows > 1) return together(predicted, firstRow, stamp);
    if (!sink.hasRoom(rows.rowBytes, 1)) return undefined;
    rows.add(id, { tensors: inputs, from: 0, to: 1 }, outputs[0] as RowSpan, firstRow, stamp);
    sink.added();
    return undefined;
  };
}
