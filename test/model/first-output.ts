/** What a caller of a model with one input gets of its first output. */
import type { Model } from '../../src/model/model';
import type { Tensors } from '../../src/model/tensors/tensors';

/** A list of numbers for each row, or the failure. */
export type Answer = readonly (readonly number[])[] | string;

export function predict(model: Model, rows: readonly (readonly number[])[]): Promise<Answer> {
  const values: number[][] = [];
  return new Promise((resolve) => {
    model.submit({
      rows: { rows: rows.length, data: [Float32Array.from(rows.flat())] },
      accept({ rows: count, data: [data = []] }: Tensors, from, to) {
        const width = data.length / count;
        for (let row = from; row < to; row++) values.push([...data].slice(row * width, (row + 1) * width) as number[]);
      },
      end: (failure) => resolve(failure === undefined ? values : (failure as Error).message),
      isGone: () => false,
    });
  });
}
