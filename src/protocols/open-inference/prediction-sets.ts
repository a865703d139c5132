/** The coverage of an inference request: its sets are one more output, and parameters tell what they are worth. */
import type { Model } from '../../model/model';
import { type Coverage, readCoverage } from '../shared/coverage';
import type { Answered } from './outputs';

export interface AnsweredSets {
  readonly output: Answered;
  readonly parameters: Readonly<Record<string, string | number>>;
}

/** Throws the problem `invalid-input` for a coverage that the card does not allow. */
export function answerSets(model: Model, requested: unknown, isBinary: boolean): AnsweredSets {
  const coverage = readCoverage(model, requested, '/parameters/coverage');
  const { spec, elements } = coverage.set;
  return {
    output: { spec, index: model.card.outputs.length, isBinary, classes: undefined, derive: elements },
    parameters: toParameters(coverage),
  };
}

/** Values that the protocol allows: no objects. */
function toParameters({ requested, rows, warning }: Coverage): AnsweredSets['parameters'] {
  return {
    coverage: requested,
    calibration_rows: rows,
    ...(warning !== undefined && { coverage_warning: warning }),
  };
}
