/** The form: a field and a slider for each feature, which say the same. */
import { byId, data, type Feature, readable, type Value } from './page';

/** Told of each change, with the place of the feature in an instance. */
type OnChange = (feature: number) => void;

const fieldOf = (index: number) => byId<HTMLInputElement>(`field-${index}`);
const sliderOf = (index: number) => document.getElementById(`slider-${index}`) as HTMLInputElement | null;

/** The instance that the form says, in the order of the card. */
export function readInstance(): Value[] {
  return data.features.map(({ kind }, index) => {
    const field = fieldOf(index);
    if (kind === 'boolean') return field.checked;
    // What is no number goes to the server as it is: it knows what to say.
    return kind === 'text' || field.value.trim() === '' || Number.isNaN(Number(field.value))
      ? field.value
      : Number(field.value);
  });
}

export function writeInstance(instance: readonly Value[]): void {
  for (const [index, value] of instance.entries()) {
    const field = fieldOf(index);
    if (typeof value === 'boolean') field.checked = value;
    else field.value = String(value);
    follow(index);
  }
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

/** Lets the slider and the warning follow the field. */
function follow(index: number): void {
  const slider = sliderOf(index);
  if (slider !== null) slider.value = fieldOf(index).value;
  warn(index);
}

function warn(index: number): void {
  const warning = byId(`warning-${index}`);
  const text = warningOf(data.features[index] as Feature, fieldOf(index).value);
  // A screen reader speaks each change of it.
  if (warning.textContent !== text) warning.textContent = text;
}

function warningOf({ minimum, maximum, unit = '' }: Feature, text: string): string {
  if (minimum === undefined || maximum === undefined || text.trim() === '') return '';
  const value = Number(text);
  if (!(value < minimum || value > maximum)) return '';
  return `Outside the training range, ${readable(minimum)} to ${readable(maximum)} ${unit}: the model has seen no such value.`;
}
