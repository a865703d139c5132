/** Who exports, and names with values as OTLP has them. */

export interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue: string } | { readonly intValue: string };
}

export interface Resource {
  readonly attributes: readonly Attribute[];
}

/** What has measured. */
export const scope = { name: 'onnx-predict-function' };

export function toAttributes(members: Readonly<Record<string, string | number>>): readonly Attribute[] {
  return Object.entries(members).map(([key, value]) => ({
    key,
    value: typeof value === 'string' ? { stringValue: value } : { intValue: String(value) },
  }));
}
