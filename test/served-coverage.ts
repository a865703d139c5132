/** How often served sets hold the truth of rows that neither trained the model nor made its scores. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Client } from './client';

export interface Tested {
  readonly instance: readonly unknown[];
  readonly label?: string;
  readonly value?: number;
}

export interface Prediction {
  readonly label?: string;
  readonly value?: number;
  readonly label_set?: readonly string[];
  readonly interval?: { readonly lower: number; readonly upper: number };
}

export interface Predicted {
  readonly predictions: readonly Prediction[];
  readonly coverage?: { readonly requested: number; readonly rows: number; readonly warning?: string };
}

export function readTested(directory: string): readonly Tested[] {
  return (JSON.parse(readFileSync(join(directory, 'held-out.json'), 'utf8')) as { readonly rows: readonly Tested[] })
    .rows;
}

export async function predictWith(host: Client, instances: readonly unknown[], coverage: number): Promise<Predicted> {
  const { status, json, text } = await host.post('/predict', { instances, parameters: { coverage } });
  if (status !== 200) throw new Error(text);
  return json as Predicted;
}

export function holds({ label_set: labels, interval }: Prediction, { label, value }: Tested): boolean {
  if (labels !== undefined) return labels.includes(String(label));
  return value !== undefined && interval !== undefined && interval.lower <= value && value <= interval.upper;
}

/**
 * The probability that at most `held` of `tested` sets hold the truth, if scores come in any order: beta-binomial.
 *
 * The scores of `rows` calibration rows are themselves a sample, so that a binomial with the requested share is too narrow.
 */
export function chanceOfAtMost(held: number, tested: number, rows: number, coverage: number): number {
  const a = Math.ceil((rows + 1) * coverage - 1e-9);
  const b = rows + 1 - a;
  let chance = 1;
  for (let i = 0; i < tested; i++) chance *= (b + i) / (a + b + i);
  let sum = 0;
  for (let k = 0; k <= held; k++) {
    sum += chance;
    chance *= ((tested - k) / (k + 1)) * ((a + k) / (b + tested - k - 1));
  }
  return sum;
}
