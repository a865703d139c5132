/** Predictions that list every output under its name, for the task `tensors`. */
import type { Card } from '../card/card';
import type { PredictionWriter, TaskRow } from './prediction';
import { tensorSchema, tensorWriter } from './tensor-member';

export const outputsByName: TaskRow = {
  check: () => undefined,
  createWriters: (card) => ({ prediction: createNamedWriter(card) }),
  memberSchemas: ({ outputs }) => new Map(outputs.map((output) => [output.name, tensorSchema(output)])),
  hasNamedMembers: false,
  findExplained: () => undefined,
};

function createNamedWriter({ outputs }: Card): PredictionWriter {
  const members = outputs.map((output, index) => ({
    opening: `${index === 0 ? '{' : ','}${JSON.stringify(output.name)}:`,
    write: tensorWriter(output, index),
  }));
  return (tensors, row) => `${members.map(({ opening, write }) => opening + write(tensors, row)).join('')}}`;
}
