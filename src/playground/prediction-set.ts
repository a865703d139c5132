/** Shows the label set or the interval of the prediction, for the coverage that is chosen beside it. */
import type { Answered } from './api';
import { byId, isolate, readable, say, withUnit } from './page';

/** Missing where the card has no uncertainty. */
const chooser = document.getElementById('coverage') as HTMLSelectElement | null;

/** What a coverage adds to a prediction. */
export const setMembers: readonly string[] = chooser === null ? [] : ['label_set', 'interval'];

export function chosenCoverage(): number | undefined {
  return chooser === null ? undefined : Number(chooser.value);
}

export function listenToCoverage(onChange: () => void): void {
  chooser?.addEventListener('change', onChange);
}

export function showSet({ prediction, warning = '' }: Answered): void {
  if (chooser === null) return;
  const { label_set: labels, interval } = prediction;
  say(byId('set'), labels === undefined ? describe(interval) : labels.map(isolate).join(' or '));
  const place = byId('set-warning');
  place.hidden = warning === '';
  say(place, warning);
}

function describe(interval: Answered['prediction']['interval']): string {
  const [lower, upper] = [interval?.lower, interval?.upper].map((end) => readable(end ?? Number.NaN));
  return withUnit(`between ${lower} and ${upper}`);
}
