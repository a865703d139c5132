/** The coverage of a remote function: whole predictions have a set, which may be asked for alone. */
import type { Model } from '../../model/model';
import type { PredictionWriter } from '../../model/predictions/prediction';
import { addSet, readCoverage } from '../shared/coverage';

/** Writers by what `answer` calls them. The context of a function holds texts only. */
export function writeSets(model: Model, requested: unknown): Readonly<Record<string, PredictionWriter>> {
  const number = typeof requested === 'string' ? Number(requested || Number.NaN) : Number.NaN;
  const coverage = readCoverage(model, Number.isNaN(number) ? requested : number, '/userDefinedContext/coverage');
  const { spec, write } = coverage.set;
  return { json: addSet(model.write.prediction, coverage), [spec.name]: write };
}
