/** Shapes that the command line gives for inputs: `--shape x=-1,3,48,192` fixes sizes, `--max x=-1,3,640,640` bounds free ones. */

export type Shapes = ReadonlyMap<string, readonly number[]>;

/** Throws a TypeError that quotes what is no shape. */
export function readShapes(option: string, words: readonly string[] = []): Shapes {
  return new Map(words.map((word) => readShape(option, word)));
}

function readShape(option: string, word: string): readonly [string, readonly number[]] {
  // A name may hold an equals sign, sizes do not.
  const [, name = '', list] = /^(.+)=([^=]*)$/.exec(word) ?? [];
  const sizes = list === undefined || list === '' ? [] : list.split(',').map(Number);
  if (list !== undefined && sizes.every((size) => size === -1 || (Number.isInteger(size) && size > 0)))
    return [name, sizes];
  throw new TypeError(
    `--${option}: expected the name of an input and its sizes, as in x=-1,3,48,192 (-1 is free), got ${JSON.stringify(word)}.`,
  );
}
