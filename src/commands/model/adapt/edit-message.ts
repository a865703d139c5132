/** Edits protocol buffers messages: fields are replaced or left out, and what is not named stays byte for byte as it is. */
import { type Field, readFields, toSource, wireTypes } from '../../../model/weights/protobuf';

/** The new content of a field; undefined leaves the field out. */
export type Edit = (content: Uint8Array) => Uint8Array | undefined;

/** `edits` are by field number, for fields that have a length. */
export function editMessage(message: Uint8Array, edits: Readonly<Record<number, Edit>>): Uint8Array {
  const parts: Uint8Array[] = [];
  let end = 0;
  for (const { number, wireType, from, to } of readFields(toSource(message), 0, message.length)) {
    const edit = wireType === wireTypes.bytes ? edits[number] : undefined;
    if (edit === undefined) parts.push(message.subarray(end, to));
    else {
      const content = edit(message.subarray(from, to));
      if (content !== undefined) parts.push(bytesField(number, content));
    }
    end = to;
  }
  return Buffer.concat(parts);
}

/** The contents of a field that has a length, each time that it occurs. */
export function contentsOf(message: Uint8Array, number: number): readonly Uint8Array[] {
  return fieldsOf(message, number)
    .filter(({ wireType }) => wireType === wireTypes.bytes)
    .map(({ from, to }) => message.subarray(from, to));
}

export function textsOf(message: Uint8Array, number: number): readonly string[] {
  return contentsOf(message, number).map((content) => Buffer.from(content).toString());
}

export function fieldsOf(message: Uint8Array, number: number): readonly Field[] {
  return [...readFields(toSource(message), 0, message.length)].filter((field) => field.number === number);
}

export function bytesField(number: number, content: Uint8Array | string): Buffer {
  const bytes = Buffer.from(content);
  return Buffer.concat([varint(number * 8 + wireTypes.bytes), varint(bytes.length), bytes]);
}

export function varintField(number: number, value: number): Buffer {
  return Buffer.concat([varint(number * 8 + wireTypes.varint), varint(value)]);
}

function varint(value: number): Buffer {
  const bytes: number[] = [];
  let rest = value;
  for (; rest >= 128; rest = Math.floor(rest / 128)) bytes.push((rest % 128) + 128);
  return Buffer.from([...bytes, rest]);
}
