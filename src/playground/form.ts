/** The form: a field and a slider per feature, kept in sync. */
import type { Fault } from './api';
import { byId, data, type Feature, say, type Value } from './page';

/** Receives each change, with the index of the feature. */
type OnChange = (feature: number) => void;

const fieldOf = (index: number) => byId<HTMLInputElement>(`field-${index}`);
const sliderOf = (index: number) => document.getElementById(`slider-${index}`) as HTMLInputElement | null;

/** The form's instance, in the order of the card. */
export function readInstance(): Value[] {
  return data.features.map((feature, index) => {
    const field = fieldOf(index);
    return feature.kind === 'boolean' ? field.checked : readText(feature, field.value);
  });
}

/** Invalid numbers and JSON go to the server unchanged; it explains the fault. */
function readText({ kind, nullable }: Feature, text: string): Value {
  if (kind === 'text') return text;
  if (text.trim() === '') return nullable === true ? null : text;
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

export function writeInstance(instance: readonly Value[]): void {
  for (const [index, value] of instance.entries()) {
    const field = fieldOf(index);
    if (typeof value === 'boolean') field.checked = value;
    else field.value = toText(value);
    follow(index);
  }
}

function toText(value: Value): string {
  if (value === null) return '';
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

/** Marks exactly the fields that the server rejected. */
export function markFaults(faults: readonly Fault[]): void {
  const pointers = new Set(faults.map(({ pointer }) => pointer));
  for (const index of data.features.keys()) {
    fieldOf(index).setAttribute('aria-invalid', String(pointers.has(`/instances/0/${index}`)));
  }
}

/** Updates the slider and the warning from the field. */
function follow(index: number): void {
  const slider = sliderOf(index);
  if (slider !== null) slider.value = fieldOf(index).value;
  warn(index);
}

function warn(index: number): void {
  say(byId(`warning-${index}`), warningOf(data.features[index] as Feature, fieldOf(index).value));
}

function warningOf({ minimum, maximum, unit = '' }: Feature, text: string): string {
  if (minimum === undefined || maximum === undefined || text.trim() === '') return '';
  const value = Number(text);
  if (!(value < minimum || value > maximum)) return '';
  const range = `${minimum} to ${maximum} ${unit}`.trim();
  return `Outside the training range (${range}): the model never saw such a value.`;
}
