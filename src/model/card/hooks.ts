/** The part of a card that names its hooks, and what it says of instances and predictions then. */
import type { Schema } from '../tensors/elements';

export interface HooksSpec {
  /** Name of the source beside the card. */
  readonly file: string;
  readonly sha256: string;
  /** The JSON Schema of what callers send: an object. */
  readonly instance: Schema & { readonly properties?: Readonly<Record<string, unknown>> };
  /** The JSON Schema of what they get. */
  readonly prediction: Schema;
  /** How long one instance may take in a hook, in milliseconds. */
  readonly timeoutMs?: number;
}

/** A schema that refers to its own definitions, to stand within another document. */
export function toEmbedded(schema: Schema, name: string): Schema {
  return JSON.stringify(schema).includes('"#') && !('$id' in schema)
    ? { $id: `urn:onnx-predict:hooks:${name}`, ...schema }
    : schema;
}
