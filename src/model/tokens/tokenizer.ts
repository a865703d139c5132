/** The tokenizer of a card: opened when its first text comes, since many cards have none and a large one takes a second. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { toError } from '../../problem';
import { sha256 } from '../../sha256';
import type { TokenizerSpec } from '../card/card';
import { ModelRefusal } from '../card/refusal';

const loadLibrary = () => require('@huggingface/tokenizers') as typeof import('@huggingface/tokenizers');

/** Ids of tokens, and the type of each. */
export interface Tokens {
  readonly ids: readonly number[];
  readonly types: readonly number[];
}

export interface Tokenizer {
  /** The text between special tokens, however long. */
  tokenize(text: string): Tokens;
  /** Tokens that are more than `most`, cut between their special tokens. */
  cut(tokens: Tokens, most: number): Tokens;
}

/** Texts that any tokenizer makes at least one token of. */
const probes = ['a', 'the', '1', '.'];

/** Throws a `ModelRefusal` when the file is not there, is another one, or is of a kind that the library does not know. */
export function openTokenizer(directory: string, spec: TokenizerSpec): Tokenizer {
  const library = openLibrary(directory, spec);
  const { before, after, type } = spec.specialTokens === false ? noFrame : findFrame(library, spec);

  function tokenize(text: string): Tokens {
    // A lone half of a pair is no text, and would become other ids than the same text in UTF-8.
    const { ids } = library.encode(toWellFormed(text), { add_special_tokens: false });
    return frame(ids);
  }

  function frame(ids: readonly number[]): Tokens {
    return {
      ids: [...before.ids, ...ids, ...after.ids],
      types: [...before.types, ...new Array<number>(ids.length).fill(type), ...after.types],
    };
  }

  function cut({ ids }: Tokens, most: number): Tokens {
    const left = before.ids.length;
    const right = after.ids.length;
    return frame(ids.slice(left, Math.max(left, most - right)));
  }

  return { tokenize, cut };
}

type Library = InstanceType<ReturnType<typeof loadLibrary>['Tokenizer']>;

function openLibrary(directory: string, { file, sha256: expected }: TokenizerSpec): Library {
  const bytes = readTokenizer(directory, file);
  const found = sha256(bytes);
  if (found !== expected)
    throw new ModelRefusal(`${file} does not match its card: expected sha256 ${expected}, got ${found}.`);
  const { Tokenizer: Opened } = loadLibrary();
  try {
    return withQuickFusion(new Opened(JSON.parse(bytes.toString()), {}));
  } catch (failure) {
    throw new ModelRefusal(
      `${file} is no tokenizer that can be opened: expected the form of Hugging Face's tokenizer.json, got the error: ${toError(failure).message}`,
    );
  }
}

/**
 * Makes one token of several unknown ones, as models of this kind do. The library joins their texts one after another and looks each
 * up, which takes a time that grows with the square of their number: half a second for 10 000 letters of a script that it lacks.
 */
function withQuickFusion(library: Library): Library {
  const { model } = library;
  if (model?.fuse_unk !== true || model.unk_token_id === undefined) return library;
  const { tokens_to_ids: ids, unk_token_id: unknown } = model;
  const encode = model.encode.bind(model);
  const isUnknown = (token: string | undefined) => token !== undefined && (ids.get(token) ?? unknown) === unknown;
  model.fuse_unk = false;
  model.encode = (texts: string[]) =>
    encode(texts).filter(
      (token: string, i: number, all: readonly string[]) => !(isUnknown(token) && isUnknown(all[i - 1])),
    );
  return library;
}

function readTokenizer(directory: string, file: string): Buffer {
  const path = join(directory, file);
  try {
    return readFileSync(path);
  } catch (failure) {
    if ((failure as NodeJS.ErrnoException).code !== 'ENOENT') throw failure;
    throw new ModelRefusal(`${path} is missing: the card in ${directory} names it.`);
  }
}

/** Templates without types leave them out, whatever the library's own type says. */
type Encoded = Pick<ReturnType<Library['encode']>, 'ids'> & { readonly token_type_ids?: readonly number[] };

/** Special tokens around a text, and the type of the tokens in between. */
interface Frame {
  readonly before: Tokens;
  readonly after: Tokens;
  readonly type: number;
}

const none: Tokens = { ids: [], types: [] };
const noFrame: Frame = { before: none, after: none, type: 0 };

/** By a probe: the library has no name for what its template puts around a text. */
function findFrame(library: Library, { file }: TokenizerSpec): Frame {
  for (const probe of probes) {
    const bare = library.encode(probe, { add_special_tokens: false }).ids;
    if (bare.length === 0) continue;
    const whole: Encoded = library.encode(probe, { return_token_type_ids: true });
    const { ids, token_type_ids: types = ids.map(() => 0) } = whole;
    const from = findRun(ids, bare);
    if (from === -1) break;
    const to = from + bare.length;
    return {
      before: { ids: ids.slice(0, from), types: types.slice(0, from) },
      after: { ids: ids.slice(to), types: types.slice(to) },
      type: types[from] as number,
    };
  }
  throw new ModelRefusal(
    `${file} changes a text when it adds special tokens, which cannot be cut. Set "specialTokens" to false, and put them into hooks.`,
  );
}

/** The first place where `run` stands in `list`; -1 if none. */
function findRun(list: readonly number[], run: readonly number[]): number {
  return list.findIndex((_, from) => run.every((each, i) => list[from + i] === each));
}

const loneHalves = /[\ud800-\udfff]/gu;

function toWellFormed(text: string): string {
  return text.replace(loneHalves, '\ufffd');
}
