/** Shows the prediction: as a headline, with what is known of its certainty, as bars, or as a list of named values. */
import type { Prediction } from './api';
import { byId, create, data, isolate, type Output, percent, readable, say, withUnit } from './page';
import { setMembers } from './prediction-set';
import { createRow, fewest } from './rows';
import { describe, present } from './values';

export function showPrediction(prediction: Prediction): void {
  const { label, probabilities } = prediction;
  hasPredicted = true;
  say(byId('earlier'), '');
  const headline = headlineOf(prediction);
  say(byId('headline'), headline);
  byId('headline').classList.toggle('is-long', headline.length > longHeadline);
  say(byId('certainty'), certaintyOf(prediction));
  if (probabilities !== undefined) showShares(probabilities, label);
  const others = Object.entries(prediction).filter(([name]) => !headlined.has(name));
  // Of a label alone nothing else says what its numbers are.
  byId('values').replaceChildren(...presentMembers(others, label === undefined));
}

let hasPredicted = false;

/** An earlier prediction stays, and says so: what went wrong may be out of sight. */
export function showNoPrediction(): void {
  if (hasPredicted) say(byId('earlier'), 'Earlier prediction; the current input has none.');
  else say(byId('headline'), 'No prediction');
}

/** Longer ones get smaller letters. */
const longHeadline = 24;

/** Says what the candidate answers, and whether that is something else. */
export function showCandidate(candidate: Prediction | undefined, champion: Prediction): void {
  if (candidate === undefined) return;
  const place = byId('candidate');
  place.hidden = false;
  const differs = headlineOf(candidate) !== headlineOf(champion);
  place.classList.toggle('differs', differs);
  const certainty = candidate.label === undefined ? '' : `, ${certaintyOf(candidate)}`;
  say(place, `Candidate ${differs ? 'differs' : 'agrees'}: ${headlineOf(candidate)}${certainty}`);
}

/** The member of an answer that is one number. */
const lone = 'value';

/** What headline, sets and bars show. */
const headlined: ReadonlySet<string> = new Set([
  'label',
  ...setMembers,
  ...(data.drawn?.isShare ? ['probabilities'] : []),
]);

/** A label; a number with its name and unit; of anything else, what it is. */
export function headlineOf({ label, probabilities, value, ...others }: Prediction): string {
  if (label !== undefined) return label ?? 'No label: there is no number to decide by';
  const [output] = data.outputs;
  if (typeof value === 'number') {
    const named = data.outputs.length === 1 && output?.title !== output?.name ? `${output?.title} ` : '';
    return `${named}${withUnit(readable(value))}`;
  }
  const members = value === undefined ? { ...others, ...(probabilities && { probabilities }) } : { value };
  const said = Object.entries(members).map(([name, each]) => {
    const text = describe(each);
    return data.outputs.length === 1 || name === lone ? text : `${titleOf(name).title}: ${text}`;
  });
  return said.join(' · ');
}

function titleOf(name: string): Pick<Output, 'title' | 'unit'> {
  return data.outputs.find((output) => output.name === name) ?? { title: name };
}

/** Words and numbers share one table. */
function presentMembers(members: readonly (readonly [string, unknown])[], isHeadline: boolean): readonly Node[] {
  const isTable = members.length > 1 && members.every(([, value]) => typeof value !== 'object');
  if (isTable)
    return present('Values', Object.fromEntries(members.map(([name, value]) => [titleOf(name).title, value])));
  return members.flatMap(([name, value]) => presentMember(name, value, isHeadline));
}

function presentMember(name: string, value: unknown, isHeadline: boolean): readonly Node[] {
  if (name === lone && typeof value === 'number') return [];
  const isOnly = isHeadline && (data.outputs.length === 1 || name === lone);
  const { title } = titleOf(name);
  return [...(isOnly ? [] : [create('h3', {}, title)]), ...present(title, value)];
}

function certaintyOf({ label, probabilities, value }: Prediction): string {
  if (label !== undefined && label !== null && probabilities !== undefined) {
    const [next] = Object.entries(probabilities)
      .filter(([name]) => name !== label)
      .toSorted(([, a], [, b]) => (b ?? 0) - (a ?? 0));
    const chosen = `${percent(probabilities[label] ?? Number.NaN)} probable`;
    if (next === undefined || !next[1]) return chosen;
    return `${chosen}; next: ${isolate(next[0])}, ${percent(next[1])}`;
  }
  const { usualError = 0 } = data;
  if (typeof value !== 'number' || usualError <= 0) return '';
  return `Usually within ± ${withUnit(readable(usualError))} (root mean squared error on unseen rows)`;
}

function showShares(probabilities: NonNullable<Prediction['probabilities']>, label: string | null | undefined): void {
  const shares = fewest(data.labels.map((name) => ({ name, share: probabilities[name] ?? Number.NaN })));
  const rows = shares.map(({ name, share }) =>
    createRow({
      name,
      number: percent(share),
      from: 0,
      length: 100 * (share || 0),
      bar: 'bar',
      row: name === label ? 'row chosen' : 'row',
    }),
  );
  byId('bars').replaceChildren(...rows);
}
