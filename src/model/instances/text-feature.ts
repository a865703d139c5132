/** Reads a feature whose value is a text: fills its ids, and the mask and the types beside them. */
import type { Fault } from '../../problem';
import type { Work } from '../../turns';
import { type Card, type Feature, type TokenizerSpec, usualMaxCharacters } from '../card/card';
import { datatypes } from '../tensors/datatypes';
import {
  createData,
  type Elements,
  isFree,
  type RowTensor,
  rowSizes,
  type TensorSpec,
  type Tensors,
} from '../tensors/tensors';
import type { Tokenizer } from '../tokens/tokenizer';
import { describeValue, nameFeature } from './faults';
import type { Form } from './forms';

// Loaded for cards with a tokenizer.
const loadTokenizer = () => require('../tokens/tokenizer') as typeof import('../tokens/tokenizer');

/** Fills a row with the rest of an accepted instance. Returns the first fault. */
export type FillText = (
  tensors: Tensors,
  row: number,
  instance: object,
  form: Pick<Form, 'read' | 'key'>,
) => Work<Fault | undefined>;

/** Returns undefined for a model that takes no text. Opens tokenizers when the first text comes, and throws when they are refused. */
export function createTextFill(card: Card, directory: string): FillText | undefined {
  const readers = card.features.flatMap((feature, position) =>
    feature.tokenizer === undefined
      ? []
      : [{ position, read: createTextReader(card, feature, feature.tokenizer, directory) }],
  );
  if (readers.length === 0) return undefined;

  return function* fill(tensors, row, instance, form) {
    for (const { position, read } of readers) {
      const detail = read(tensors, row, form.read(instance, position));
      if (detail !== undefined) return { pointer: `/${form.key(position)}`, detail };
      yield;
    }
    return undefined;
  };
}

/** Returns what is wrong with the text. */
type TextReader = (tensors: Tensors, row: number, text: unknown) => string | undefined;

function createTextReader(card: Card, feature: Feature, spec: TokenizerSpec, directory: string): TextReader {
  const { maxCharacters = usualMaxCharacters, truncate = true, pad = 0 } = spec;
  // Without a mask, a model that is padded tells nothing from what fills up.
  const takesNothing = spec.pad !== undefined && spec.mask === undefined;
  const [least, most] = lengthsOf(card, feature);
  const fillIds = createVectorFill(card, feature.input);
  const fillMask = createVectorFill(card, spec.mask);
  const fillTypes = createVectorFill(card, spec.types);
  const name = nameFeature(feature);
  let opened: Tokenizer | undefined;

  function findLengthFault(text: string, tokens: number): string | undefined {
    if (tokens === 0 && !takesNothing)
      return `${name}: expected a text with at least one token, got ${describeValue(text)}`;
    if (tokens <= most || truncate) return undefined;
    return `${name}: expected a text of at most ${most} tokens, got ${tokens} in ${describeValue(text)}`;
  }

  return (tensors, row, value) => {
    // The form has checked that it is a string.
    const text = value as string;
    if (isLonger(text, maxCharacters))
      return `${name}: expected a text of at most ${maxCharacters} characters, got ${describeValue(text)}`;
    opened ??= loadTokenizer().openTokenizer(directory, spec);
    const whole = opened.tokenize(text);
    const fault = findLengthFault(text, whole.ids.length);
    if (fault !== undefined) return fault;
    const { ids, types } = whole.ids.length > most ? opened.cut(whole, most) : whole;
    const length = Math.max(least, ids.length);
    fillIds(tensors, row, { values: ids, length, rest: pad });
    fillMask(tensors, row, { values: new Array<number>(ids.length).fill(1), length, rest: 0 });
    fillTypes(tensors, row, { values: types, length, rest: 0 });
    const texts = tensors.texts?.get(feature.name);
    if (texts !== undefined) texts[row] = text;
    return undefined;
  };
}

/** The least and the largest number of ids. */
function lengthsOf({ inputs }: Card, { input }: Feature): readonly [number, number] {
  const spec = inputs.find(({ name }) => name === input) as TensorSpec;
  const { shape, minShape, maxShape = shape } = spec;
  return isFree(spec)
    ? [minShape?.at(-1) ?? 1, maxShape.at(-1) as number]
    : [shape.at(-1) as number, shape.at(-1) as number];
}

/** Whether there are more characters than allowed; one beyond the first 65 536 of Unicode has the length 2. */
function isLonger(text: string, most: number): boolean {
  return text.length > 2 * most || (text.length > most && Array.from(text).length > most);
}

/** The elements of a row, filled up to a length. */
interface Vector {
  readonly values: readonly number[];
  readonly length: number;
  readonly rest: number;
}

type VectorFill = (tensors: Tensors, row: number, vector: Vector) => void;

function createVectorFill({ inputs }: Card, input: string | undefined): VectorFill {
  const index = inputs.findIndex(({ name }) => name === input);
  const spec = inputs[index];
  if (spec === undefined) return () => undefined;
  const { datatype } = spec;
  const ones = rowSizes(spec).slice(0, -1);
  const toElement = datatypes[datatype].isLong ? BigInt : Number;

  function write(sink: Elements, from: number, { values, length, rest }: Vector): void {
    const elements = sink as unknown[];
    for (const [i, value] of values.entries()) elements[from + i] = toElement(value);
    elements.fill(toElement(rest), from + values.length, from + length);
  }

  if (!isFree(spec)) return ({ data }, row, vector) => write(data[index] as Elements, row * vector.length, vector);
  return ({ data }, row, vector) => {
    const own = createData(datatype, vector.length);
    write(own, 0, vector);
    (data[index] as RowTensor[])[row] = { sizes: [...ones, vector.length], data: own };
  };
}
