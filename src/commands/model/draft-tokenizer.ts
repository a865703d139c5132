/** Drafts the feature of a text: which inputs a tokenizer fills, by the names that exporters give them. */
import { readFileSync } from 'node:fs';
import type { TokenizerSpec } from '../../model/card/card';
import type { Signature } from '../../model/runtime/signature';
import { datatypes } from '../../model/tensors/datatypes';
import { rowSizes, type TensorSpec } from '../../model/tensors/tensors';
import { sha256 } from '../../sha256';
import type { DraftOptions } from './draft-tensors';

export const tokenizerName = 'tokenizer.json';

export interface DraftTokenizer {
  readonly path: string;
  readonly sha256: string;
  /** Of the file's own padding and truncation, where it has them. */
  readonly pad: number | undefined;
  readonly most: number | undefined;
}

interface TokenizerFile {
  readonly padding?: { readonly pad_id?: number } | null;
  readonly truncation?: { readonly max_length?: number } | null;
  readonly added_tokens?: readonly { readonly id: number; readonly content: string }[];
}

/** Throws when the file is not there or is no JSON. */
export function readTokenizer(path: string): DraftTokenizer {
  const bytes = readFileSync(path);
  const { padding, truncation, added_tokens: added = [] } = parse(path, bytes.toString());
  const pad = added.find(({ content }) => /^[<[|]*pad[|>\]]*$/i.test(content));
  return { path, sha256: sha256(bytes), pad: padding?.pad_id ?? pad?.id, most: truncation?.max_length };
}

function parse(path: string, text: string): TokenizerFile {
  try {
    return JSON.parse(text) as TokenizerFile;
  } catch (failure) {
    throw new Error(
      `${path} is no JSON: expected a tokenizer.json of Hugging Face, got: ${(failure as Error).message}`,
    );
  }
}

/** Inputs of a text by their names; position ids are none of them. */
const names = { ids: /^(?!.*(type|position)).*ids$|tokens/i, mask: /mask/i, types: /type|segment/i };

/** Bounds what a text fills by what the command line says of any of these inputs, or the tokenizer's own truncation. */
export function limitTokens({ most }: DraftTokenizer, { inputs }: Signature, options: DraftOptions): DraftOptions {
  const own = inputs.filter(({ name }) => Object.values(names).some((pattern) => pattern.test(name)));
  const told = own.flatMap(({ name }) => options.limits.get(name) ?? [])[1] ?? most;
  if (told === undefined) return options;
  const limits = new Map(options.limits);
  for (const input of own) {
    const shape = input.isTensor ? input.shape : [];
    if (!limits.has(input.name) && typeof shape.at(-1) !== 'number' && shape.length > 0)
      limits.set(input.name, [...shape.slice(0, -1).map((size) => (typeof size === 'number' ? size : -1)), told]);
  }
  return { ...options, limits };
}

export interface DraftText {
  /** Name of the input of ids. */
  readonly input: string;
  readonly tokenizer: TokenizerSpec;
  /** Names of all that it fills. */
  readonly filled: readonly string[];
}

/** Throws when no input takes ids. */
export function draftText(inputs: readonly TensorSpec[], { sha256: hash, pad = 0 }: DraftTokenizer): DraftText {
  const find = (pattern: RegExp) => inputs.find(({ name }) => pattern.test(name))?.name;
  const whole = inputs.filter(isIds);
  const ids = whole.find(({ name }) => names.ids.test(name)) ?? (inputs.length === 1 ? whole[0] : undefined);
  if (ids === undefined)
    throw new Error(
      `No input takes the ids of a tokenizer: expected a vector of integers named like input_ids, got ${inputs.map(({ name }) => name).join(', ')}.`,
    );
  const [mask, types] = [find(names.mask), find(names.types)];
  const tokenizer = {
    file: tokenizerName,
    sha256: hash,
    ...(mask !== undefined && { mask }),
    ...(types !== undefined && { types }),
    ...(pad > 0 && { pad }),
  };
  return { input: ids.name, tokenizer, filled: [ids.name, mask, types].filter((name) => name !== undefined) };
}

function isIds(spec: TensorSpec): boolean {
  return (
    datatypes[spec.datatype].kind === 'integer' &&
    rowSizes(spec)
      .slice(0, -1)
      .every((size) => size === 1)
  );
}
