/** Predictions with one member, named after the output's role: a number, or nested arrays in the output's shape. */
import type { Card, OutputSpec } from '../card/card';
import type { Role } from '../card/roles';
import { datatypes } from '../tensors/datatypes';
import { isFree, rowWidth, type TensorData } from '../tensors/tensors';
import type { PredictionWriter, TaskRow } from './prediction';
import { tensorSchema, tensorWriter } from './tensor-member';

/** With `isNumber`, a row of one element is written as a plain number, which can be charted and explained. */
export function singleMember({ role, isNumber }: { role: Role; isNumber: boolean }): TaskRow {
  function find({ task, outputs }: Card): OutputSpec {
    const output = outputs.find((spec) => spec.role === role);
    if (output === undefined)
      throw new Error(`The task of the card is ${task}, but none of its outputs has the role "${role}".`);
    return output;
  }

  const isOne = (output: OutputSpec) => !isFree(output) && rowWidth(output) === 1;
  const isPlain = (output: OutputSpec) => isNumber && isOne(output) && output.columns === undefined;

  return {
    check: find,
    createWriters(card) {
      const output = find(card);
      const index = card.outputs.indexOf(output);
      const write = isPlain(output) ? numberWriter(output, index) : tensorWriter(output, index);
      return { prediction: (outputs, row) => `{"${role}":${write(outputs, row)}}`, [role]: write };
    },
    memberSchemas(card) {
      const output = find(card);
      return new Map([[role, isPlain(output) ? datatypes[output.datatype].answerSchema : tensorSchema(output)]]);
    },
    hasNamedMembers: true,
    findExplained: ({ outputs }) => (isNumber ? outputs.find((spec) => spec.role === role && isOne(spec)) : undefined),
  };
}

function numberWriter({ datatype }: OutputSpec, index: number): PredictionWriter {
  const { write } = datatypes[datatype];
  return ({ data }, row) => write((data[index] as TensorData)[row]);
}
