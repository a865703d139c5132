/** Answers as CSV: a cell for each value of a prediction, and for each of its set. */
import type { Model } from '../../../model/model';
import type { PredictionWriter } from '../../../model/predictions/prediction';
import type { PredictionSet } from '../../../model/predictions/prediction-set';
import type { Tensors } from '../../../model/tensors/tensors';
import type { LinesForm } from '../predicted-lines';

export function csvForm({ write, readSamples }: Model, hasHeader: boolean, set: PredictionSet | undefined): LinesForm {
  const cells: PredictionWriter = (outputs, row) =>
    [...cellsOf('', JSON.parse(write.prediction(outputs, row))), ...cellsOfSet(set, outputs, row)]
      .map(([, value]) => quoteCell(value === null ? '' : String(value)))
      .join(',');
  const names = () => [...cellsOf('', readSamples()[0]?.prediction).map(([name]) => name), ...namesOfSet(set)];
  const header = hasHeader ? `${names().map(quoteCell).join(',')}\n` : '';
  return { contentType: 'text/csv', header, write: cells };
}

type Cell = readonly [name: string, value: unknown];

/** The values of a prediction in order, each named by its path. */
function cellsOf(name: string, value: unknown): readonly Cell[] {
  if (typeof value !== 'object' || value === null) return [[name, value]];
  return Object.entries(value).flatMap(([key, member]) => cellsOf(name === '' ? key : `${name}.${key}`, member));
}

function namesOfSet(set: PredictionSet | undefined): readonly string[] {
  return set === undefined ? [] : set.columns.map((column) => `${set.spec.name}.${column}`);
}

/** As many for each row: of a label set, whether it has each of the labels. */
function cellsOfSet(set: PredictionSet | undefined, outputs: Tensors, row: number): readonly Cell[] {
  if (set === undefined) return [];
  const value = JSON.parse(set.write(outputs, row));
  return set.columns.map((column) => [column, Array.isArray(value) ? value.includes(column) : value[column]]);
}

function quoteCell(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}
