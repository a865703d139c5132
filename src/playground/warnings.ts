/** What the form says of a value that the endpoint takes, but that the model may not know. */
import { type Feature, listFew } from './page';

export function warningOf(feature: Feature, text: string): string {
  if (text.trim() === '') return ofEmpty(feature);
  return ofCategory(feature, text) || ofRange(feature, text);
}

function ofEmpty({ kind, nullable, categories, default: fallback }: Feature): string {
  if (fallback !== undefined && fallback !== null)
    return kind === 'text' && categories === undefined ? '' : `Empty: counts as ${String(fallback)}.`;
  if (nullable === true) return 'Empty: counts as a missing value.';
  return '';
}

function ofCategory({ categories }: Feature, text: string): string {
  if (categories === undefined || categories.some((known) => String(known) === text)) return '';
  return `Unknown category: the model knows ${listFew(categories)}.`;
}

function ofRange({ minimum, maximum, unit = '' }: Feature, text: string): string {
  if (minimum === undefined || maximum === undefined) return '';
  const value = Number(text);
  if (!(value < minimum || value > maximum)) return '';
  const range = `${minimum} to ${maximum} ${unit}`.trim();
  return `Outside the training range (${range}): the model never saw such a value.`;
}
