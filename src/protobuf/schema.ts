/** Messages and services as tables, from which small messages are written and read, and descriptors made. */

/** Types of single fields; any other name is that of a message or an enumeration. */
export type Scalar = 'string' | 'bytes' | 'bool' | 'int32' | 'int64' | 'uint32' | 'uint64' | 'float' | 'double';

export interface FieldRow {
  readonly number: number;
  readonly name: string;
  /** A scalar, or a name of `messages` or `enums` of the same file. */
  readonly type: string;
  readonly isRepeated?: true;
  /** Values by texts: `type` is that of the values. */
  readonly isMap?: true;
  /** The name of the group of which one field is set. */
  readonly oneOf?: string;
}

export interface Method {
  readonly name: string;
  readonly input: string;
  readonly output: string;
  /** Whether both sides send any number of messages. */
  readonly isConversation?: true;
}

/** One file of definitions. Nested messages have a dot in their name. */
export interface ProtoFile {
  readonly name: string;
  readonly package: string;
  readonly messages: Readonly<Record<string, readonly FieldRow[]>>;
  readonly enums: Readonly<Record<string, readonly string[]>>;
  readonly services: Readonly<Record<string, readonly Method[]>>;
}

const scalars = new Set(['string', 'bytes', 'bool', 'int32', 'int64', 'uint32', 'uint64', 'float', 'double']);

export function isScalar(type: string): type is Scalar {
  return scalars.has(type);
}

/** A line such as `1 name string`, `3 shape repeated int64`, `4 parameters map Parameter`. */
export function readFields(lines: string): readonly FieldRow[] {
  return lines.split(';').map((line) => {
    const [number = '', name = '', ...words] = line.trim().split(' ');
    const type = words.at(-1) ?? '';
    const [kind, group] = words;
    return {
      number: Number(number),
      name,
      type,
      ...(kind === 'repeated' && { isRepeated: true as const }),
      ...(kind === 'map' && { isMap: true as const }),
      ...(kind === 'oneof' && group !== undefined && { oneOf: group }),
    };
  });
}

/** The path of a method in HTTP/2. */
export function pathOf(file: ProtoFile, service: string, method: string): string {
  return `/${file.package}.${service}/${method}`;
}
