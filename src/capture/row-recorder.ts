/** Holds rows that were all of their request until they are written as lines. */
import type { RowSpan } from '../model/tensors/tensors';
import type { FileSink } from './file-sink';
import type { Recorder } from './records';
import type { RowLines } from './row-lines';

export function createRowRecorder(rows: RowLines, sink: FileSink): Recorder {
  return ({ id = '', inputs, outputs }, firstRow, stamp) => {
    if (!sink.hasRoom(rows.rowBytes, 1)) return undefined;
    rows.add(id, { tensors: inputs, from: 0, to: 1 }, outputs[0] as RowSpan, firstRow, stamp);
    sink.added();
    return undefined;
  };
}
