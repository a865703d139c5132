/** Runs weights on zeros, to find sizes with which they run, and what their outputs look like then. */
import type { OpenedWeights } from '../../model/runtime/session';
import type { ValueMetadata } from '../../model/runtime/signature';
import { type Datatype, datatypeOf } from '../../model/tensors/datatypes';
import { createData, elementCount } from '../../model/tensors/tensors';

export interface Answer {
  /** Sizes of each input, without the dimension that counts rows. */
  readonly sizes: readonly (readonly number[])[];
  /** Dimensions of each output, by name. */
  readonly dims: ReadonlyMap<string, readonly number[]>;
  /** Whether every output has as many rows as the inputs. */
  readonly areRows: boolean;
}

/** More than one, so that a transposed output does not look like rows. */
const severalRows = 3;
/** For every free size at once: sizes that depend on each other are mostly equal. Convolutions need some, text little. */
const sizesToTry = [16, 64, 224, 512, 4, 1];

type Value = Extract<ValueMetadata, { readonly isTensor: true }>;

export async function findAnswer(
  { run }: OpenedWeights,
  inputs: readonly Value[],
  { isSingle }: { readonly isSingle: boolean },
): Promise<Answer | undefined> {
  for (const free of isAnyFree(inputs, isSingle) ? sizesToTry : [1]) {
    const sizes = inputs.map(({ shape }) =>
      shape.slice(isSingle ? 0 : 1).map((size) => (typeof size === 'number' ? size : free)),
    );
    const feeds = inputs.map(({ name, type }, i) => {
      const shape = isSingle ? (sizes[i] as number[]) : [severalRows, ...(sizes[i] as number[])];
      const datatype = datatypeOf(type) as Datatype;
      return { spec: { name, datatype, shape }, shape, data: createData(datatype, elementCount(shape)) };
    });
    const dims = await run(feeds).catch(() => undefined);
    if (dims !== undefined)
      return { sizes, dims, areRows: !isSingle && [...dims.values()].every(([rows]) => rows === severalRows) };
  }
  return undefined;
}

function isAnyFree(inputs: readonly Value[], isSingle: boolean): boolean {
  return inputs.some(({ shape }) => shape.slice(isSingle ? 0 : 1).some((size) => typeof size !== 'number'));
}
