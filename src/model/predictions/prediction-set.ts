/** Prediction sets: the labels, or the interval, that hold the truth for a chosen share of rows (conformal prediction). */

import type { Work } from '../../turns';
import type { Card, OutputSpec } from '../card/card';
import { type Datatype, datatypes, type SizedRow } from '../tensors/datatypes';
import type { RowSpan, SizedData, TensorData, TensorSpec, Tensors } from '../tensors/tensors';
import { createLabelReader, type LabelReader } from './labels';
import type { PredictionWriter } from './prediction';
import { endDatatypeOf, findScore, type KnownErrors } from './uncertainty';

/** About 0.1 ms. */
const elementsPerStep = 16_384;

export interface PredictionSet {
  /** Of the tensor, named like the member of a prediction. */
  readonly spec: TensorSpec;
  /** Names of the elements of a row. */
  readonly columns: readonly string[];
  /** Writes the member's value for a row. */
  readonly write: PredictionWriter;
  /** The elements of the tensor for the rows of a span. */
  elements(span: RowSpan): Work<SizedData>;
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

  /** Puts 1 for each label of the row that is in the set. */
  function fill({ data }: Tensors, row: number, predicted: number, members: Uint8Array, at: number): void {
    const probabilities = data[place.index] as Float64Array;
    const from = row * width;
    for (let label = 0; label < width; label++) {
      // The arithmetic of the scores: the other way round would lose labels that tie.
      const isOut = 1 - (probabilities[from + label] as number) > score;
      members[at + label] = label === predicted || !isOut ? 1 : 0;
    }
  }

  return {
    spec: specOf(place, 'BOOL', width),
    columns: labels,
    write(outputs, row) {
      const members = new Uint8Array(width);
      fill(outputs, row, readLabel(outputs, row), members, 0);
      let text = '';
      for (let label = 0; label < width; label++)
        if (members[label] === 1) text += text === '' ? texts[label] : `,${texts[label]}`;
      return `[${text}]`;
    },
    *elements({ tensors, from, to }) {
      const members = new Uint8Array((to - from) * width);
      const rowsPerStep = Math.ceil(elementsPerStep / width);
      for (let row = from; row < to; row++) {
        if ((row - from) % rowsPerStep === rowsPerStep - 1) yield;
        fill(tensors, row, readLabel(tensors, row), members, (row - from) * width);
      }
      return members;
    },
  };
}

function createInterval(place: Place, halfWidth: number): PredictionSet {
  const datatype = endDatatypeOf(place.output);
  const { array, write } = datatypes[datatype] as SizedRow;

  function fill({ data }: Tensors, row: number, ends: SizedData, at: number): void {
    const value = Number((data[place.index] as TensorData)[row]);
    ends[at] = value - halfWidth;
    ends[at + 1] = value + halfWidth;
  }

  return {
    spec: specOf(place, datatype, 2),
    columns: ['lower', 'upper'],
    write(tensors, row) {
      const ends = new array(2);
      fill(tensors, row, ends, 0);
      return `{"lower":${write(ends[0])},"upper":${write(ends[1])}}`;
    },
    *elements({ tensors, from, to }) {
      const ends = new array((to - from) * 2);
      for (let row = from; row < to; row++) {
        if ((row - from) % elementsPerStep === elementsPerStep - 1) yield;
        fill(tensors, row, ends, (row - from) * 2);
      }
      return ends;
    },
  };
}
