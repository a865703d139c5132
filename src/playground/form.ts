/** The form: the field of each feature with its slider, kept in sync. */
import type { Fault } from './api';
import type { Entries } from './entries';
import { byId, data, type Feature, say, type Value } from './page';
import { showPicture } from './pictures';
import { warningOf } from './warnings';

/** Receives each change, with the index of the feature. */
type OnChange = (feature: number) => void;

export const fieldOf = (index: number) => byId<HTMLInputElement>(`field-${index}`);
const sliderOf = (index: number) => document.getElementById(`slider-${index}`) as HTMLInputElement | null;

export function readEntries(): Entries {
  return data.features.map((feature, index) => {
    const field = fieldOf(index);
    return feature.kind === 'boolean' ? field.checked : readText(feature, field.value);
  });
}

/** Undefined if the field is empty. Invalid numbers and JSON go to the server unchanged; it explains the fault. */
function readText({ kind, nullable, categories, default: fallback }: Feature, text: string): Value | undefined {
  if (text.trim() === '') {
    if (nullable === true && fallback === undefined) return null;
    // An empty text is a text, but no category.
    return kind === 'text' && categories === undefined && fallback !== null ? text : undefined;
  }
  if (kind === 'text') return text;
  if (kind === 'json') return parse(text);
  return Number.isFinite(Number(text)) ? Number(text) : text;
}

function parse(text: string): Value {
  try {
    return JSON.parse(text) as Value;
  } catch {
    return text;
  }
}

/** Undefined leaves a field empty. */
export function writeEntries(entries: Entries): void {
  for (const index of data.features.keys()) {
    const field = fieldOf(index);
    const value = entries[index];
    if (field.type === 'checkbox') field.checked = value === true;
    else field.value = toText(value);
    follow(index);
  }
}

function toText(value: Value | undefined): string {
  if (value === null || value === undefined) return '';
  return typeof value === 'object' ? JSON.stringify(value) : String(value);
}

export function listenToForm(onChange: OnChange): void {
  for (const index of data.features.keys()) {
    const field = fieldOf(index);
    const slider = sliderOf(index);
    field.addEventListener('input', () => {
      follow(index);
      onChange(index);
    });
    slider?.addEventListener('input', () => {
      field.value = slider.value;
      warn(index);
      onChange(index);
    });
  }
  byId('form').addEventListener('submit', (event) => event.preventDefault());
}

/** The feature that a fault belongs to, by its place or its name; undefined if it is none. */
export function featureOf({ pointer = '' }: Fault): number | undefined {
  const place = /^\/instances\/0\/([^/]+)/.exec(pointer)?.[1]?.replaceAll('~1', '/').replaceAll('~0', '~');
  if (place === undefined) return undefined;
  const index = data.features.findIndex(({ name }, i) => name === place || String(i) === place);
  return index === -1 ? undefined : index;
}

/** Marks exactly the fields with faults, and says each fault at its field. */
export function markFaults(faults: readonly Fault[]): void {
  const details = new Map(faults.map((fault) => [featureOf(fault), fault.detail]));
  for (const index of data.features.keys()) {
    const detail = details.get(index);
    fieldOf(index).setAttribute('aria-invalid', String(detail !== undefined));
    byId(`fault-${index}`).textContent = detail ?? '';
  }
}

/** Updates slider, picture and warning from the field. An empty field leaves the slider where it is. */
function follow(index: number): void {
  const slider = sliderOf(index);
  const { value } = fieldOf(index);
  if (slider !== null && value.trim() !== '') slider.value = value;
  showPicture(index, value);
  warn(index);
}

function warn(index: number): void {
  const { value, type } = fieldOf(index);
  const feature = data.features[index] as Feature;
  const isMissing = type !== 'checkbox' && feature.kind !== 'text' && value.trim() === '';
  fieldOf(index).closest('.field')?.classList.toggle('is-missing', isMissing);
  say(byId(`warning-${index}`), type === 'checkbox' ? '' : warningOf(feature, value));
}
