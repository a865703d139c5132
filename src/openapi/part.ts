/** A protocol's part of the OpenAPI document, and what it is made from. */
import type { Sample } from '../model/acceptance/golden-samples';
import type { Card } from '../model/card/card';
import type { Json } from './json-schema';
import type { Example, Post, ProblemSchema } from './operations';

export interface Described {
  readonly card: Card;
  /** Golden samples for examples. */
  readonly samples: readonly Sample[];
  /** Versions that are served: the card's own first. */
  readonly versions: readonly string[];
  /** Members by which the other protocols know a body: none may stand beside `key`. */
  otherKeys(key: string): readonly string[];
  /** What carriers add to an operation that takes `requests`, the names of schemas. */
  carried(name: string, requests: readonly string[]): Carried;
}

export interface Carried {
  /** Names of schemas of the body. */
  readonly requests: readonly string[];
  readonly schemas: Json;
  readonly operation: Pick<Post, 'otherBodies' | 'otherAnswers' | 'parameters'>;
}

export interface OpenApiPart {
  /** Of its operations, where it has one of its own. */
  readonly tag?: string;
  readonly paths: Json;
  readonly schemas: Json;
  readonly shared?: SharedBodies;
}

/** What a protocol takes and gives under the paths that all of them share. */
export interface SharedBodies {
  readonly requests: readonly string[];
  readonly answer?: string;
  readonly examples: readonly Example[];
  /** Its own spelling of failures there. */
  readonly problem?: ProblemSchema;
}
