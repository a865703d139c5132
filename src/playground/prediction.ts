/** Shows the prediction: as a headline, with what is known of its certainty, as bars, or as a list of named values. */
import type { Prediction } from './api';
import { byId, create, data, type Output, percent, readable, say } from './page';
import { setMembers } from './prediction-set';
import { createRow, fewest } from './rows';
import { describe, present } from './values';

export function showPrediction(prediction: Prediction): void {
  const { label, probabilities } = prediction;
  say(byId('headline'), headlineOf(prediction));
  say(byId('certainty'), certaintyOf(prediction));
  if (probabilities !== undefined) showShares(probabilities, label);
  const others = Object.entries(prediction).filter(([name]) => !headlined.has(name));
  byId('values').replaceChildren(...presentMembers(others));
}

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
    const unit = output?.unit === undefined ? '' : ` ${output.unit}`;
    return `${named}${readable(value)}${unit}`;
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
function presentMembers(members: readonly (readonly [string, unknown])[]): readonly Node[] {
  const isTable = members.length > 1 && members.every(([, value]) => typeof value !== 'object');
  if (isTable)
    return present('Values', Object.fromEntries(members.map(([name, value]) => [titleOf(name).title, value])));
  return members.flatMap(([name, value]) => presentMember(name, value));
}

function presentMember(name: string, value: unknown): readonly Node[] {
  if (name === lone && typeof value === 'number') return [];
  const isOnly = data.outputs.length === 1 || name === lone;
  const { title } = titleOf(name);
  return [...(isOnly ? [] : [create('h3', {}, title)]), ...present(title, value)];
}

function certaintyOf({ label, probabilities, value }: Prediction): string {
  if (label !== undefined && label !== null && probabilities !== undefined) {
    const [next] = Object.entries(probabilities)
      .filter(([name]) => name !== label)
      .toSorted(([, a], [, b]) => (b ?? 0) - (a ?? 0));
    const chosen = `${percent(probabilities[label] ?? Number.NaN)} probable`;
    return next === undefined ? chosen : `${chosen}; next: ${next[0]}, ${percent(next[1] ?? Number.NaN)}`;
  }
  const { usualError = 0, outputs } = data;
  if (typeof value !== 'number' || usualError <= 0) return '';
  const unit = outputs[0]?.unit === undefined ? '' : ` ${outputs[0].unit}`;
  return `Usually within ± ${readable(usualError)}${unit} (root mean squared error on unseen rows)`;
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
