/** Runs a model whose rows cannot simply be joined: one run for rows of equal sizes, or one for each instance. */
import { Problem, toError } from '../../problem';
import type { RunModel } from '../batching/runner';
import type { Card } from '../card/card';
import { toConstantRow } from '../card/constants';
import { OutputMisfit, toOutputs } from '../tensors/outputs';
import { groupRows, joinGroup } from '../tensors/row-tensors';
import {
  copyRows,
  createTensors,
  type Elements,
  isFree,
  shapeOfRows,
  type TensorSpec,
  type Tensors,
} from '../tensors/tensors';

/** A tensor for the runtime. */
export interface Feed {
  readonly spec: TensorSpec;
  readonly shape: readonly number[];
  readonly data: Elements;
}

type Results = Parameters<typeof toOutputs>[1];

/** Characters quoted of a failure's message. */
const maxQuoteLength = 300;

/** Whether joined rows are one tensor for the runtime, as they are. */
export function isPlain({ runs, inputs, outputs, constants = [] }: Card): boolean {
  return runs !== 'single' && constants.length === 0 && ![...inputs, ...outputs].some(isFree);
}

/** `execute` runs the model once. Rejects with the problem `invalid-input` when it fails and callers chose sizes. */
export function createGroupRun(card: Card, execute: (feeds: readonly Feed[]) => Promise<Results>): RunModel {
  const { inputs, outputs, constants = [] } = card;
  const constantRows = constants.map((spec) => ({ spec, ...toConstantRow(spec) }));
  const isChosen = inputs.some(isFree);

  return async (collect) => {
    // Requests of the same event-loop turn share the run.
    await new Promise((resolve) => setImmediate(resolve));
    const rows = collect();
    if (rows.rows === 0) return rows;
    const groups = groupRows(inputs, rows);
    const answers = createTensors(outputs, rows.rows);
    for (const group of groups) {
      const answer = await runGroup(rows, group);
      if (groups.length === 1) return answer;
      for (const [from, row] of group.entries()) copyRows({ tensors: answer, from, to: from + 1 }, answers, row);
    }
    return answers;
  };

  async function runGroup(rows: Tensors, group: readonly number[]): Promise<Tensors> {
    const feeds = inputs.map((spec, t) =>
      toFeed(spec, joinGroup(spec, rows.data[t] as Tensors['data'][number], group)),
    );
    const { length } = group;
    const results = await execute([...feeds, ...constantRows.map((row) => repeat(row, length))]).catch(explain);
    return toOutputs(outputs, results, length);

    function toFeed(spec: TensorSpec, { sizes, data }: ReturnType<typeof joinGroup>): Feed {
      return { spec, shape: shapeOfRows(spec, group.length, sizes), data };
    }
  }

  function explain(failure: unknown): never {
    if (!isChosen || failure instanceof OutputMisfit) throw failure;
    const { message } = toError(failure);
    const detail = `The model cannot run an instance of these sizes. ${message.slice(0, maxQuoteLength)}`;
    throw new Problem('invalid-input', detail, { cause: failure });
  }
}

/** A constant for a run of so many rows. */
function repeat(
  { spec, sizes, data }: Omit<Feed, 'shape'> & { readonly sizes: readonly number[] },
  rows: number,
): Feed {
  if (spec.isSingle === true || rows === 1) return { spec, shape: shapeOfRows(spec, 1, sizes), data };
  const once = { rows: 1, data: [data] };
  const fixed = { ...spec, shape: [-1, ...sizes] };
  const all = createTensors([fixed], rows);
  for (let row = 0; row < rows; row++) copyRows({ tensors: once, from: 0, to: 1 }, all, row);
  return { spec, shape: [rows, ...sizes], data: all.data[0] as Elements };
}
