/** Which sizes of an ONNX file's inputs are to be fixed, and which freed. */
import type { ValueMetadata } from '../../../model/runtime/signature';
import { type Shapes, show } from '../trials/wanted-shapes';
import type { Size } from './edit-shapes';

export type Value = Extract<ValueMetadata, { readonly isTensor: true }>;

export interface Wanted {
  /** The sizes of each input, in the order of the file. */
  readonly inputs: readonly { readonly value: Value; readonly sizes: readonly Size[] }[];
  /** The fixed batch that becomes free; undefined if none does. */
  readonly batch: number | undefined;
  /** Names of the inputs whose batch it is. */
  readonly joined: readonly string[];
}

/** The free size that all inputs share. */
export const rows = 'rows';

/** Throws an error that names every input that cannot have its sizes. Without shapes, fixed first sizes become free. */
export function readWanted(inputs: readonly ValueMetadata[], shapes: Shapes): Wanted {
  const names = inputs.map(({ name }) => name);
  const strange = [...shapes.keys()].filter((name) => !names.includes(name));
  if (strange.length > 0)
    throw new Error(`There is no input ${strange.join(', ')}: expected one of ${names.join(', ')}.`);
  const wanted = inputs.map((value) => {
    if (!value.isTensor)
      throw new Error(`The input ${value.name} is a sequence, a map or an optional value: expected a tensor.`);
    return { value, sizes: shapes.size === 0 ? freeFirst(value) : choose(value, shapes.get(value.name)) };
  });
  if (wanted.every(({ value, sizes }) => String(value.shape) === String(sizes)))
    throw new Error(
      `There is nothing to adapt: the inputs are ${names.map((name, i) => `${name} ${show(wanted[i]?.sizes ?? [])}`).join(', ')} already.`,
    );
  const freed = wanted.filter(({ value, sizes }) => isFreed(value.shape[0], sizes[0]));
  const batches = new Set(freed.map(({ value }) => value.shape[0] as number));
  if (batches.size > 1)
    throw new Error(
      `The first sizes ${[...batches].join(' and ')} differ, so not all count rows: say which are to be free, as in --shape ${names[0]}=-1,….`,
    );
  return { inputs: wanted, batch: [...batches][0], joined: freed.map(({ value }) => value.name) };
}

function freeFirst({ shape }: Value): readonly Size[] {
  return shape.length > 0 && typeof shape[0] === 'number' ? [rows, ...shape.slice(1)] : shape;
}

function choose({ name, shape }: Value, sizes: readonly number[] | undefined): readonly Size[] {
  if (sizes === undefined) return shape;
  const fits =
    sizes.length === shape.length &&
    sizes.every((size, i) => size === -1 || typeof shape[i] !== 'number' || shape[i] === size);
  if (!fits)
    throw new Error(
      `The input ${name} has the shape ${show(shape)}: expected as many sizes, the same or -1 for those that are fixed, got ${show(sizes)}.`,
    );
  return sizes.map((size, i) => (size === -1 ? toSymbol(name, shape[i], i) : size));
}

function toSymbol(name: string, known: Size | undefined, place: number): string {
  if (typeof known === 'string' && known !== '') return known;
  return place === 0 ? rows : `${name}_${place}`;
}

export function isFreed(known: Size | undefined, wanted: Size | undefined): boolean {
  return typeof known === 'number' && typeof wanted === 'string';
}
