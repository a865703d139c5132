/** The model card: the only place that says what the model takes, gives and was made from. */
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { TensorSpec } from '../tensors/tensors';
import type { Role } from './roles';

/** Statistics of a feature over the training rows, in the feature's unit. */
export interface FeatureRange {
  readonly minimum: number;
  readonly maximum: number;
  readonly mean?: number;
  /** Values by the share of rows at or below them, such as "0.1". */
  readonly quantiles?: Readonly<Record<string, number>>;
  /** Shares of rows up to each distinct quantile and beyond the last. */
  readonly shares?: readonly number[];
}

/** One named value of an instance and its place in an input tensor. */
export interface Feature {
  readonly name: string;
  readonly description?: string;
  readonly unit?: string;
  readonly input: string;
  /** Of its first element, when the value is a tensor itself. */
  readonly column: number;
  /** Sizes of a value that is a tensor itself, in nested arrays. */
  readonly shape?: readonly number[];
  readonly categories?: readonly (string | number)[];
  /** `refuse` unless the card says that the model has its own way with them. */
  readonly unknownCategories?: 'refuse' | 'pass';
  /** Value of an instance that is an object and leaves the feature out. */
  readonly default?: string | number | boolean | null;
  /** Whether null is a value, which becomes NaN. */
  readonly nullable?: boolean;
  readonly training?: FeatureRange;
}

export interface OutputSpec extends TensorSpec {
  readonly role: Role;
  /** Names of the columns of a row. */
  readonly columns?: readonly string[];
}

/** As its schema names them, too. */
export type Task = 'classification' | 'regression' | 'embedding' | 'tensors';

export interface Card {
  readonly name: string;
  readonly version: string;
  readonly title: string;
  readonly description: string;
  readonly task: Task;
  readonly weights: { readonly file: string; readonly sha256: string; readonly bytes: number };
  readonly inputs: readonly TensorSpec[];
  readonly outputs: readonly OutputSpec[];
  readonly features: readonly Feature[];
  readonly labels?: readonly string[];
  /** What an integer label output holds for each label, when that is not the label's index. */
  readonly labelValues?: readonly number[];
  /** Largest difference of a number from that of a golden sample, relative beyond 1. */
  readonly tolerance?: number;
  /** Rows of one run; 1 for a model whose rows influence each other. */
  readonly maxBatchRows?: number;
  readonly data?: {
    readonly rows?: number;
    readonly labelShares?: Readonly<Record<string, number>>;
    /** Training rows, as instances that are arrays, that explanations compare with. */
    readonly background?: readonly (readonly unknown[])[];
  };
  readonly training?: { readonly environment: Readonly<Record<string, string>> };
}

/** A card with its exact bytes, which are what `/model-card.json` answers. */
export interface CardFile {
  readonly card: Card;
  readonly bytes: Buffer;
  readonly sha256: string;
}

export const cardFileName = 'card.json';

/** Reads `card.json` of a model directory. Whoever compiles its validators checks it against its schema. */
export function readCard(directory: string): CardFile {
  const bytes = readFileSync(join(directory, cardFileName));
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  return { card: JSON.parse(bytes.toString()) as Card, bytes, sha256 };
}
