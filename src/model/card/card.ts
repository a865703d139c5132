/** The model card: the single source of what the model takes and returns, and of how it was trained. */
import { join } from 'node:path';
import { readJsonFile } from '../../json/json-file';
import type { TensorSpec } from '../tensors/tensors';
import type { HooksSpec } from './hooks';
import type { Role } from './roles';

/** Statistics of a feature over the training rows, in the feature's unit. */
export interface FeatureRange {
  readonly minimum: number;
  readonly maximum: number;
  readonly mean?: number;
  /** Values by the share of rows at or below them, such as "0.1". */
  readonly quantiles?: Readonly<Record<string, number>>;
  /** Shares of rows up to each distinct quantile, and beyond the last. */
  readonly shares?: readonly number[];
  /** Share of all rows whose value is missing. */
  readonly missing?: number;
}

/** How a shorter list is filled up. */
export interface Padding {
  readonly value: string | number | boolean;
  /** Name of an input that gets 1 for each element that was sent, and 0 for the others. */
  readonly mask?: string;
}

/** How a text becomes the ids that a model takes. */
export interface TokenizerSpec {
  /** Beside the card, in the form of Hugging Face's `tokenizer.json`. */
  readonly file: string;
  readonly sha256: string;
  /** Name of the input that gets 1 for each token, and 0 for what fills up. */
  readonly mask?: string;
  /** Name of the input that gets the type of each token. */
  readonly types?: string;
  /** The id that fills up; 0 by default. */
  readonly pad?: number;
  /** Whether special tokens stand around the text; true by default. */
  readonly specialTokens?: boolean;
  /** Whether a text with too many tokens is cut, as by default, or refused. */
  readonly truncate?: boolean;
  /** The longest text that is accepted; `usualMaxCharacters` by default. */
  readonly maxCharacters?: number;
}

/** Tokenizing takes 1 to 3 µs a character, in one go. */
export const usualMaxCharacters = 10_000;

/** One named value of an instance and its place in an input tensor. */
export interface Feature {
  readonly name: string;
  readonly description?: string;
  readonly unit?: string;
  readonly input: string;
  /** Of the first element, when the value is a tensor. */
  readonly column: number;
  /** Shape of a value that is a tensor, given as nested arrays. */
  readonly shape?: readonly number[];
  /** For a list of one fixed size: callers may send shorter ones. */
  readonly pad?: Padding;
  /** For a text that becomes the ids of the whole input. */
  readonly tokenizer?: TokenizerSpec;
  readonly categories?: readonly (string | number)[];
  /** `refuse` by default; `pass` when the model handles unknown categories itself. */
  readonly unknownCategories?: 'refuse' | 'pass';
  /** Used when an instance that is an object omits the feature. */
  readonly default?: string | number | boolean | null;
  /** Whether null is allowed; it becomes NaN. */
  readonly nullable?: boolean;
  /** Whether the value stays out of captures, of logged bodies and of links that the page makes. */
  readonly private?: boolean;
  readonly training?: FeatureRange;
  /** Share of the most frequent strings, or of true and false, in the training rows; others make up the rest. */
  readonly categoryShares?: Readonly<Record<string, number>>;
}

export interface WeightsFile {
  /** Name beside the card. */
  readonly file: string;
  readonly sha256: string;
  readonly bytes: number;
}

/** An input that has the same value in every run; callers do not send it. */
export interface ConstantInput extends TensorSpec {
  /** One value for all elements, or nested arrays in the shape of a row. */
  readonly value: unknown;
}

export interface OutputSpec extends TensorSpec {
  readonly role: Role;
  /** What people call the value. */
  readonly title?: string;
  readonly unit?: string;
  readonly columns?: readonly string[];
  /** The model's values for rows like those of the training, for each element of a row. */
  readonly training?: readonly FeatureRange[];
}

/** How wrong the model is on rows that it was not fitted to. */
export interface Uncertainty {
  readonly method: 'split-conformal' | 'cross-conformal';
  /** Number of those rows. */
  readonly rows: number;
  /** Ascending; the i-th of m, counted from 1, has the rank `ceil(i * rows / m)` among all. */
  readonly scores: readonly number[];
}

export type Task = 'classification' | 'regression' | 'embedding' | 'tensors';

export interface Card {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly description: string;
  /** SPDX identifier of the licence of the weights. */
  readonly license?: string;
  readonly task: Task;
  readonly weights: WeightsFile & {
    /** Other files in which the weights keep tensors. */
    readonly files?: readonly WeightsFile[];
  };
  /** How the model runs: on `rows` of many instances at once (the default), or on one instance at a time. */
  readonly runs?: 'rows' | 'single';
  /** What callers' values fill. */
  readonly inputs: readonly TensorSpec[];
  readonly constants?: readonly ConstantInput[];
  readonly outputs: readonly OutputSpec[];
  readonly features: readonly Feature[];
  readonly labels?: readonly string[];
  /** The integer that stands for each label in a label output, unless it is the label's index. */
  readonly labelValues?: readonly number[];
  /** What stands before the features and behind the prediction; callers send and get what it says. */
  readonly hooks?: HooksSpec;
  /** Largest accepted difference from a golden sample: absolute up to 1, relative beyond. */
  readonly tolerance?: number;
  /** Rows per run; 1 for a model whose rows influence each other. */
  readonly maxBatchRows?: number;
  readonly data?: {
    readonly rows?: number;
    readonly labelShares?: Readonly<Record<string, number>>;
    /** Training rows, as array instances, that explanations compare with. */
    readonly background?: readonly (readonly unknown[])[];
  };
  readonly evaluation?: { readonly rootMeanSquaredError?: number };
  readonly uncertainty?: Uncertainty;
  readonly training?: { readonly environment: Readonly<Record<string, string>> };
}

/** A card with its exact bytes, which `/model-card.json` serves. */
export interface CardFile {
  readonly card: Card;
  /** As it is written, for its schema. */
  readonly document: unknown;
  readonly bytes: Buffer;
}

export const cardFileName = 'card.json';

/** Reads `card.json` of a model directory. It is checked against its schema when its validators are compiled. */
export function readCard(directory: string): CardFile {
  const { bytes, document } = readJsonFile(join(directory, cardFileName));
  return { card: toCard(document as CardDocument), document, bytes };
}

/** A card as it is written: constants are among the inputs. */
type CardDocument = Omit<Card, 'constants'> & { readonly inputs: readonly (TensorSpec | ConstantInput)[] };

/** Tells constants from other inputs, and marks the tensors of a model that takes single instances. */
export function toCard(document: CardDocument): Card {
  const { runs, inputs, outputs } = document;
  if (!Array.isArray(inputs) || !Array.isArray(outputs)) return document;
  const mark = <Spec extends TensorSpec>(spec: Spec): Spec => (runs === 'single' ? { ...spec, isSingle: true } : spec);
  const constants = inputs.filter(isConstant);
  return {
    ...document,
    inputs:
      constants.length === 0 && runs !== 'single' ? inputs : inputs.filter((input) => !isConstant(input)).map(mark),
    ...(constants.length > 0 && { constants: constants.map(mark) }),
    outputs: outputs.map(mark),
  };
}

const isConstant = (input: TensorSpec | ConstantInput): input is ConstantInput => Object.hasOwn(Object(input), 'value');
