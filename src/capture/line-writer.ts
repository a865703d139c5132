/** Writes a row that was predicted as a line of JSON, and what all records of a request begin and end with. */
import type { Card } from '../model/card/card';
import { createPredictionWriters } from '../model/predictions/tasks';
import type { RowSpan } from '../model/tensors/tensors';
import { createRowWriter } from './row-writer';

/** What all rows of a request share. */
export interface Stamp {
  readonly protocol: string;
  /** Milliseconds since 1970. */
  readonly answeredAt: number;
  readonly latencyMs: number;
}

/** The row that a span begins with. */
type FirstRow = Pick<RowSpan, 'tensors' | 'from'>;

/** `place` is that of the row among those of its id. */
export type LineWriter = (
  id: string | undefined,
  inputs: FirstRow,
  outputs: FirstRow,
  place: number,
  stamp: Stamp,
) => string;

export function createLineWriter(card: Card, { instance, outside } = createRowWriter(card)): LineWriter {
  const { prediction } = createPredictionWriters(card);
  const writeHead = createHeadWriter(card);
  return (id, inputs, outputs, place, stamp) => {
    const names = outside(inputs.tensors, inputs.from);
    const start = place === 0 ? '' : `,"firstRow":${place}`;
    const outsiders = names.length === 0 ? '' : `,"outside":[{"row":0,"features":[${names.join()}]}]`;
    return `${writeHead(id, stamp)}${start},"instances":[${instance(inputs.tensors, inputs.from)}],"predictions":[${prediction(outputs.tensors, outputs.from)}]${outsiders},${writeTail(stamp)}`;
  };
}

export function createHeadWriter({ name, version }: Card): (id: string | undefined, stamp: Stamp) => string {
  const model = `"model":${JSON.stringify(name)},"version":${JSON.stringify(version)}`;
  return (id, { answeredAt }) => `{"id":${JSON.stringify(id)},"time":"${toTime(answeredAt)}",${model}`;
}

export function writeTail({ protocol, latencyMs }: Stamp): string {
  return `"protocol":"${protocol}","latencyMicroseconds":${Math.round(latencyMs * 1_000)}}`;
}

let time = '';
let timeAt = 0;

/** Written once a millisecond. */
function toTime(at: number): string {
  if (at !== timeAt) [time, timeAt] = [new Date(at).toISOString(), at];
  return time;
}
