/** Prediction sets: the labels, or the interval, that hold the truth for a chosen share of rows (conformal prediction). */
import type { Card, OutputSpec } from '../card/card';
import { type Datatype, datatypes, type SizedRow } from '../tensors/datatypes';
import type { RowSpan, SizedData, TensorData, TensorSpec, Tensors } from '../tensors/tensors';
import { createLabelReader, type LabelReader } from './labels';
import type { PredictionWriter } from './prediction';
import { endDatatypeOf, findScore, type KnownErrors } from './uncertainty';

export interface PredictionSet {
  /** Of the tensor, named like the member of a prediction. */
  readonly spec: TensorSpec;
  /** Writes the member's value for a row. */
  readonly write: PredictionWriter;
  /** The elements of the tensor for the rows of a span. */
  elements(span: RowSpan): SizedData;
}

/** `coverage` lies between 0 and the greatest that the errors allow. */
export function createPredictionSet(card: Card, errors: KnownErrors, coverage: number): PredictionSet {
  const { output } = errors;
  const place = { output, index: card.outputs.indexOf(output), name: errors.setName };
  const score = findScore(errors, coverage);
  const read = createLabelReader(card);
  return read === undefined ? createInterval(place, score) : createLabelSet(place, card.labels ?? [], score, read);
}

interface Place {
  readonly output: OutputSpec;
  /** Among the outputs. */
  readonly index: number;
  readonly name: string;
}

/** A tensor with so many elements for each row of an output. */
function specOf({ output: { isSingle = false }, name }: Place, datatype: Datatype, width: number): TensorSpec {
  return isSingle ? { name, datatype, shape: [width], isSingle } : { name, datatype, shape: [-1, width] };
}

/** Labels that are probable enough, and always the predicted one. A label whose probability is NaN stays in. */
function createLabelSet(place: Place, labels: readonly string[], score: number, readLabel: LabelReader): PredictionSet {
  const texts = labels.map((label) => JSON.stringify(label));
  const width = labels.length;

  function has(outputs: Tensors, row: number, label: number, predicted: number): boolean {
    const probability = Number((outputs.data[place.index] as TensorData)[row * width + label]);
    // The arithmetic of the scores: the other way round would lose labels that tie.
    return label === predicted || !(1 - probability > score);
  }

  return {
    spec: specOf(place, 'BOOL', width),
    write(outputs, row) {
      const predicted = readLabel(outputs, row);
      return `[${texts.filter((_, label) => has(outputs, row, label, predicted)).join(',')}]`;
    },
    elements({ tensors, from, to }) {
      const members = new Uint8Array((to - from) * width);
      for (let row = from, at = 0; row < to; row++) {
        const predicted = readLabel(tensors, row);
        for (let label = 0; label < width; label++) members[at++] = Number(has(tensors, row, label, predicted));
      }
      return members;
    },
  };
}

function createInterval(place: Place, halfWidth: number): PredictionSet {
  const datatype = endDatatypeOf(place.output);
  const { array, write } = datatypes[datatype] as SizedRow;

  function elements({ tensors, from, to }: RowSpan): SizedData {
    const values = tensors.data[place.index] as TensorData;
    const ends = new array((to - from) * 2);
    for (let row = from, at = 0; row < to; row++) {
      const value = Number(values[row]);
      ends[at++] = value - halfWidth;
      ends[at++] = value + halfWidth;
    }
    return ends;
  }

  return {
    spec: specOf(place, datatype, 2),
    elements,
    write(tensors, row) {
      const [lower, upper] = elements({ tensors, from: row, to: row + 1 });
      return `{"lower":${write(lower)},"upper":${write(upper)}}`;
    },
  };
}
