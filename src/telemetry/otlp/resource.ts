/** The exporting resource, and attributes in OTLP's format. */

export interface Attribute {
  readonly key: string;
  readonly value: { readonly stringValue: string } | { readonly intValue: string };
}

export interface Resource {
  readonly attributes: readonly Attribute[];
}

/** The instrumentation scope. */
export const scope = { name: 'onnx-predict-function' };

export function toAttributes(members: Readonly<Record<string, string | number>>): readonly Attribute[] {
  return Object.entries(members).map(([key, value]) => ({
    key,
    value: typeof value === 'string' ? { stringValue: value } : { intValue: String(value) },
  }));
}
