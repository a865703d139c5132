/** Writes and reads small messages as plain objects, by the table of their file. */
import { createCursor, nextField, readBytes, readNumber, readSigned, readText, skipField, wireTypes } from './cursor';
import { type FieldRow, isScalar, type ProtoFile } from './schema';
import { bytesField, textField, varintField } from './write';

/** Members by the names of fields; absent ones have their default. */
export type Members = Readonly<Record<string, unknown>>;

/** More fields than any small message has: a megabyte of empty ones would take long. */
const maxFields = 256;

/** The bytes of a message without maps. Defaults are left out, as proto3 does. */
export function writeMessage(file: ProtoFile, name: string, members: Members): Buffer {
  const parts: Buffer[] = [];
  for (const field of file.messages[name] ?? []) {
    const value = members[field.name];
    if (value === undefined) continue;
    if (field.isRepeated === true)
      parts.push(...(value as readonly unknown[]).map((each) => writeField(file, field, each)));
    else if (field.oneOf !== undefined || !isDefault(value)) parts.push(writeField(file, field, value));
  }
  return Buffer.concat(parts);
}

function isDefault(value: unknown): boolean {
  return value === '' || value === 0 || value === false;
}

function writeField(file: ProtoFile, { number, type }: FieldRow, value: unknown): Buffer {
  const names = file.enums[type];
  if (names !== undefined) return varintField(number, names.indexOf(String(value)));
  if (!isScalar(type)) return bytesField(number, writeMessage(file, type, value as Members));
  if (type === 'string') return textField(number, String(value));
  if (type === 'bytes') return bytesField(number, value as Buffer);
  return varintField(number, type === 'bool' ? Number(value) : (value as number));
}

/** The texts, flags and integers of a message; other fields are left out. Throws `malformed-body`. */
export function readMessage(file: ProtoFile, name: string, bytes: Buffer): Members {
  const fields = file.messages[name] ?? [];
  const members: Record<string, unknown> = {};
  const cursor = createCursor(bytes);
  for (let count = 0; count < maxFields && nextField(cursor); count++) {
    const field = fields.find(({ number }) => number === cursor.field);
    const value = field === undefined ? undefined : readValue(field.type, cursor);
    if (field === undefined || value === undefined) skipField(cursor);
    else members[field.name] = value;
  }
  return members;
}

function readValue(type: string, cursor: ReturnType<typeof createCursor>): unknown {
  if (type === 'string') return readText(cursor);
  if (type === 'bytes') return readBytes(cursor);
  if (cursor.wireType !== wireTypes.varint) return undefined;
  return type === 'bool' ? readNumber(cursor) !== 0 : readSigned(cursor);
}
