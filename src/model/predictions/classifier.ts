/** Predictions of a classifier: the label, and the probability or score of each label if the model has them. */
import type { Card } from '../card/card';
import { findLabelled, roles } from '../card/roles';
import { datatypes } from '../tensors/datatypes';
import { numberOrNull, type Schema } from '../tensors/elements';
import type { TensorData, Tensors } from '../tensors/tensors';
import { createLabelReader, type LabelReader, noLabel } from './labels';
import type { PredictionWriter, PredictionWriters, TaskRow } from './prediction';

export const classifier: TaskRow = {
  check,
  createWriters,
  memberSchemas,
  hasNamedMembers: true,
  findExplained: ({ outputs }) => outputs.find(({ role }) => roles[role].isShare),
};

function check({ outputs, labels = [], labelValues }: Card): void {
  const played = outputs.map(({ role }) => role);
  if (labelValues !== undefined && labelValues.length !== labels.length)
    throw new Error(`The card has ${labels.length} labels: expected as many labelValues, got ${labelValues.length}.`);
  if (new Set(played.map((role) => roles[role].labels)).size < played.length)
    throw new Error(`The card has the outputs ${played.join(', ')}: expected one label, and probabilities or scores.`);
  const chosen = outputs[findLabelled(outputs, 'one')];
  if (labelValues !== undefined && chosen !== undefined && datatypes[chosen.datatype].kind === 'text')
    throw new Error(`The card's output "${chosen.name}" holds strings: expected no labelValues.`);
}

function createWriters(card: Card): PredictionWriters {
  const read = createLabelReader(card);
  if (read === undefined)
    throw new Error('The task of the card is classification, but none of its outputs has the role "label".');
  const labels = (card.labels ?? []).map((name) => JSON.stringify(name));
  const missing = hasLabel(card) ? undefined : 'null';
  const index = findLabelled(card.outputs, 'each');
  const output = card.outputs[index];
  const label = createChooser(labels, read, missing);
  if (output === undefined) {
    const texts = labels.map((text) => `{"label":${text}}`);
    return { prediction: createChooser(texts, read), label };
  }

  const toOpening = (text: string) => `{"label":${text},"${output.role}":`;
  const opening = createChooser(labels.map(toOpening), read, missing && toOpening(missing));
  const keys = labels.map((text, i) => `${i === 0 ? '{' : ','}${text}:`);
  const { write } = datatypes[output.datatype];

  function shares({ data }: Tensors, row: number): string {
    const numbers = data[index] as TensorData;
    let text = '';
    for (let i = 0, at = row * keys.length; i < keys.length; i++, at++) text += `${keys[i]}${write(numbers[at])}`;
    return `${text}}`;
  }

  const prediction: PredictionWriter = (outputs, row) => `${opening(outputs, row)}${shares(outputs, row)}}`;
  return { prediction, label, [output.role]: shares };
}

/** Without a label output, a row of NaN has no label. */
function hasLabel({ outputs }: Card): boolean {
  return findLabelled(outputs, 'one') !== -1;
}

/** Writes the text of the chosen label, or `missing` when there is none. */
function createChooser(texts: readonly string[], read: LabelReader, missing?: string): PredictionWriter {
  return (outputs, row) => {
    const index = read(outputs, row);
    const text = texts[index] ?? (index === noLabel ? missing : undefined);
    if (text === undefined)
      throw new RangeError(`The model returned label ${index}, the card has ${texts.length} labels.`);
    return text;
  };
}

function memberSchemas(card: Card): ReadonlyMap<string, Schema> {
  const { outputs, labels = [] } = card;
  const members = new Map<string, Schema>([['label', { enum: hasLabel(card) ? labels : [...labels, null] }]]);
  const output = outputs[findLabelled(outputs, 'each')];
  return output === undefined ? members : members.set(output.role, ofLabels(labels));
}

function ofLabels(labels: readonly string[]): Schema {
  return {
    type: 'object',
    required: labels,
    properties: Object.fromEntries(labels.map((label) => [label, numberOrNull])),
    additionalProperties: false,
  };
}
