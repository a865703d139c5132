/** The coverage of a remote function: whole predictions have a set, which may be asked for alone. */
import type { Model } from '../../model/model';
import type { PredictionWriter } from '../../model/predictions/prediction';
import { readCoverage, toNumber } from '../shared/coverage';

/** Writers by what `answer` calls them. The context of a function holds texts only. */
export function writeSets(model: Model, requested: unknown): Readonly<Record<string, PredictionWriter>> {
  const { set, addTo } = readCoverage(model, toNumber(requested), '/userDefinedContext/coverage');
  return { json: addTo(model.write.prediction), [set.spec.name]: set.write };
}
