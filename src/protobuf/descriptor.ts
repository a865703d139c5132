/** Descriptors of the tables in `schema.ts`, by which tools learn what a server speaks. */
import { type FieldRow, isScalar, type Method, type ProtoFile } from './schema';
import { bytesField, textField, varintField } from './write';

const typeNumbers = {
  ...{ double: 1, float: 2, int64: 3, uint64: 4, int32: 5, bool: 8, string: 9 },
  ...{ message: 11, bytes: 12, uint32: 13, enum: 14 },
};
const labels = { optional: 1, repeated: 3 };

/** The bytes of a FileDescriptorProto. */
export function writeDescriptor(file: ProtoFile): Buffer {
  return Buffer.concat([
    textField(1, file.name),
    textField(2, file.package),
    ...childrenOf('', Object.keys(file.messages)).map((name) => bytesField(4, messageOf(file, name))),
    ...childrenOf('', Object.keys(file.enums)).map((name) => bytesField(5, enumOf(file, name))),
    ...Object.entries(file.services).map(([name, methods]) => bytesField(6, serviceOf(file, name, methods))),
    textField(12, 'proto3'),
  ]);
}

/** Names directly within another one. */
function childrenOf(parent: string, names: readonly string[]): readonly string[] {
  const prefix = parent === '' ? '' : `${parent}.`;
  return names.filter((name) => name.startsWith(prefix) && !name.slice(prefix.length).includes('.') && name !== parent);
}

function messageOf(file: ProtoFile, name: string): Buffer {
  const fields = file.messages[name] ?? [];
  const groups = [...new Set(fields.flatMap(({ oneOf }) => oneOf ?? []))];
  return Buffer.concat([
    textField(1, lastOf(name)),
    ...fields.map((field) => bytesField(2, fieldOf(file, name, field, groups))),
    ...childrenOf(name, Object.keys(file.messages)).map((child) => bytesField(3, messageOf(file, child))),
    ...fields.filter(({ isMap }) => isMap).map((field) => bytesField(3, entryOf(file, field))),
    ...childrenOf(name, Object.keys(file.enums)).map((child) => bytesField(4, enumOf(file, child))),
    ...groups.map((group) => bytesField(8, textField(1, group))),
  ]);
}

function fieldOf(file: ProtoFile, message: string, field: FieldRow, groups: readonly string[]): Buffer {
  const { number, name, type, isRepeated, isMap, oneOf } = field;
  const label = isRepeated === true || isMap === true ? labels.repeated : labels.optional;
  return Buffer.concat([
    textField(1, name),
    varintField(3, number),
    varintField(4, label),
    ...(isMap === true ? typeOf(file, `${message}.${entryName(name)}`) : typeOf(file, type)),
    ...(oneOf === undefined ? [] : [varintField(9, groups.indexOf(oneOf))]),
  ]);
}

/** The type and, unless it is a scalar, its name. */
function typeOf(file: ProtoFile, type: string): Buffer[] {
  if (isScalar(type)) return [varintField(5, typeNumbers[type])];
  const kind = file.enums[type] === undefined ? typeNumbers.message : typeNumbers.enum;
  return [varintField(5, kind), textField(6, fullName(file, type))];
}

/** A map is a list of entries. */
function entryOf(file: ProtoFile, { name, type }: FieldRow): Buffer {
  const row = (number: number, called: string, kind: string) =>
    bytesField(2, fieldOf(file, '', { number, name: called, type: kind }, []));
  const isEntry = bytesField(7, varintField(7, 1));
  return Buffer.concat([textField(1, entryName(name)), row(1, 'key', 'string'), row(2, 'value', type), isEntry]);
}

function entryName(field: string): string {
  const words = field.split('_').map((word) => word.charAt(0).toUpperCase() + word.slice(1));
  return `${words.join('')}Entry`;
}

function enumOf(file: ProtoFile, name: string): Buffer {
  const values = (file.enums[name] ?? []).map((value, number) =>
    bytesField(2, Buffer.concat([textField(1, value), varintField(2, number)])),
  );
  return Buffer.concat([textField(1, lastOf(name)), ...values]);
}

function serviceOf(file: ProtoFile, name: string, methods: readonly Method[]): Buffer {
  const rows = methods.map(({ name: method, input, output, isConversation }) =>
    bytesField(
      2,
      Buffer.concat([
        textField(1, method),
        textField(2, fullName(file, input)),
        textField(3, fullName(file, output)),
        ...(isConversation === true ? [varintField(5, 1), varintField(6, 1)] : []),
      ]),
    ),
  );
  return Buffer.concat([textField(1, name), ...rows]);
}

function fullName(file: ProtoFile, name: string): string {
  return `.${file.package}.${name}`;
}

function lastOf(name: string): string {
  return name.slice(name.lastIndexOf('.') + 1);
}
