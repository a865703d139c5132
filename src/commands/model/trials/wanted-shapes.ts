/** Shapes that the command line gives for inputs: `--shape x=-1,3,48,192` fixes sizes, `--max x=-1,3,640,640` bounds free ones. */
import { UsageError } from '../../command-line.cjs';

export type Shapes = ReadonlyMap<string, readonly number[]>;

/** As people write them: a free size without a name is -1. */
export const show = (sizes: readonly (number | string)[]) =>
  `[${sizes.map((size) => (size === '' ? -1 : size)).join(', ')}]`;

/** Throws a UsageError that quotes what is no shape. */
export function readShapes(option: string, words: readonly string[] = []): Shapes {
  const shapes = words.map((word) => readShape(option, word));
  const names = shapes.map(([name]) => name);
  const twice = names.find((name, i) => names.indexOf(name) !== i);
  if (twice !== undefined) throw new UsageError(`--${option} has ${twice} more than once: expected each input once.`);
  return new Map(shapes);
}

function readShape(option: string, word: string): readonly [string, readonly number[]] {
  // A name may hold an equals sign, sizes do not.
  const [, name = '', list] = /^(.+)=([^=]*)$/.exec(word) ?? [];
  const sizes = list === undefined || list === '' ? [] : list.split(',').map(Number);
  if (list !== undefined && sizes.every((size) => size === -1 || (Number.isSafeInteger(size) && size > 0)))
    return [name, sizes];
  throw new UsageError(
    `--${option}: expected the name of an input and its sizes, as in x=-1,3,48,192 (-1 is free), got ${JSON.stringify(word)}.`,
  );
}
