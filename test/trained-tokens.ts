/** The tensors of the texts of golden samples, as the trainer's own tokenizer made them. */
import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Sample } from '../src/model/acceptance/golden-samples';
import type { TensorSpec } from '../src/model/tensors/tensors';

type Tensors = Readonly<Record<string, readonly number[]>>;

const read = new WeakMap<object, Tensors>();

/** Reads those of the samples of a model directory, where it has texts. */
export function readTokens(directory: string, samples: readonly Sample[]): void {
  const path = join(directory, 'tokens.json');
  if (!existsSync(path)) return;
  const made = JSON.parse(readFileSync(path, 'utf8')) as readonly Tensors[];
  for (const [i, { instance }] of samples.entries()) read.set(instance as object, made[i] as Tensors);
}

/** What an instance of golden samples sends to an input; undefined for those without texts. */
export function tokensOf(instance: unknown, { name }: TensorSpec): readonly number[] | undefined {
  return read.get(instance as object)?.[name];
}
