/** A protocol's part of the OpenAPI document, and what it is built from. */
import type { Card } from '../model/card/card';
import type { Json } from './json-schema';
import type { Example, Post, ProblemSchema } from './operations';

export interface Described {
  readonly card: Card;
  /** With what callers send in the place of features that hooks make. */
  readonly callersCard: Card;
  /** Golden samples, used as examples: instances, and the prediction of each. */
  readonly instances: readonly unknown[];
  readonly predictions: readonly unknown[];
  /** Versions served, the card's own first. */
  readonly versions: readonly string[];
  /** Keys of the other envelopes, which must not appear next to `key`. */
  otherKeys(key: string): readonly string[];
  /** What carriers add to an operation that takes `requests` (schema names). */
  carried(name: string, requests: readonly string[]): Carried;
}

export interface Carried {
  /** Schema names of the body. */
  readonly requests: readonly string[];
  readonly schemas: Json;
  readonly operation: Pick<Post, 'otherBodies' | 'otherAnswers' | 'parameters'>;
  /** Bodies that are lists, by media type. Each path takes them, and one says so: a client from openapi-python-client fails where a body may also be a list. */
  readonly lists: Json;
}

export interface OpenApiPart {
  /** Tag of its operations, if it has its own. */
  readonly tag?: string;
  readonly tagDescription?: string;
  readonly paths: Json;
  readonly schemas: Json;
  readonly shared?: SharedBodies;
}

/** What a protocol adds to the paths that all protocols share. */
export interface SharedBodies {
  readonly requests: readonly string[];
  readonly answer?: string;
  readonly otherAnswers?: readonly Json[];
  readonly examples: readonly Example[];
  /** How it spells failures there. */
  readonly problem?: ProblemSchema;
}
