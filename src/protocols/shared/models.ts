/** What to tell callers who ask for a model, a version, or a path of it that is not served. */
import { modelPath } from '../../http/model-path';
import { quote } from '../../model/instances/faults';
import type { Model } from '../../model/model';
import { Problem } from '../../problem';

type Models = readonly Model[];

export function unknownModel(name: string, models: Models): Problem {
  const served = (models as readonly [Model])[0].card.name;
  return new Problem('unknown-model', `Unknown model ${quote(name)}; this deployment serves ${quote(served)}.`);
}

export function unknownVersion(version: string, models: Models): Problem {
  const served = models.map(({ card }) => quote(card.version)).join(' and ');
  return new Problem('unknown-model', `Unknown version ${quote(version)}; this deployment serves ${served}.`);
}

export function whereFeedbackGoes({ card }: Model): string {
  return `feedback goes to ${modelPath('/v1', card.name)}:feedback, for a label or a value, and while CAPTURE is not "off"`;
}
