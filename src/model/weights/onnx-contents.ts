/** Finds what the runtime does not report about an ONNX file: external tensors, and operators with data-dependent sizes. */
import { type Field, readFields, type Source, wireTypes } from './protobuf';

export interface OnnxContents {
  /** Names of other files that tensors are stored in, which the runtime reads; "" where a tensor does not say which. */
  readonly otherFiles: readonly string[];
  /** Whether the number of an operator's results depends on the data instead of the rows. */
  readonly sizesDependOnData: boolean;
}

/** Operators with data-dependent output sizes. `weights.ts` searches for the first letters of each. */
const finders: ReadonlySet<string> = new Set(['NonZero', 'NonMaxSuppression', 'Compress', 'Unique']);

/** For each message of onnx.proto, the fields (by number) that lead to tensors and operators. */
const messages = {
  model: { 7: 'graph', 20: 'training', 25: 'function' },
  graph: { 1: 'node', 5: 'tensor', 15: 'sparse' },
  node: { 5: 'attribute' },
  attribute: { 5: 'tensor', 6: 'graph', 10: 'tensor', 11: 'graph', 22: 'sparse', 23: 'sparse' },
  sparse: { 1: 'tensor', 2: 'tensor' },
  function: { 7: 'node', 11: 'attribute' },
  training: { 1: 'graph', 2: 'graph' },
  tensor: {},
} as const;

type Message = keyof typeof messages;

/** Field numbers: two of TensorProto that say where its data are, those of an entry of the first, and the operator of NodeProto. */
const numbers = { externalData: 13, dataLocation: 14, key: 1, value: 2, operator: 4 };

/** Throws when the bytes are not ONNX. */
export function readContents(source: Source): OnnxContents {
  const open = [{ message: 'model' as Message, fields: readFields(source, 0, source.length) }];
  const otherFiles = new Set<string>();
  let sizesDependOnData = false;
  for (let current = open.at(-1); current !== undefined; current = open.at(-1)) {
    const { message, fields } = current;
    const next = fields.next();
    if (next.done === true) {
      open.pop();
      continue;
    }
    const field = next.value;
    if (message === 'tensor') for (const place of placesOf(source, field)) otherFiles.add(place);
    if (message === 'node') sizesDependOnData ||= isFinder(source, field);
    const within = (messages[message] as Readonly<Record<number, Message>>)[field.number];
    if (within !== undefined && field.wireType === wireTypes.bytes)
      open.push({ message: within, fields: readFields(source, field.from, field.to) });
  }
  return { otherFiles: withoutUnnamed(otherFiles), sizesDependOnData };
}

// Readers merge a message that is split, so either field counts in any part.
function placesOf(source: Source, { number, wireType, value, from, to }: Field): readonly string[] {
  if (number === numbers.dataLocation && wireType === wireTypes.varint && value !== 0) return [''];
  if (number !== numbers.externalData || wireType !== wireTypes.bytes) return [];
  const entry = new Map<number, string>();
  // Readers take the last of a field that is repeated.
  for (const field of readFields(source, from, to))
    if (field.wireType === wireTypes.bytes && field.to - field.from <= maxPlaceLength)
      entry.set(field.number, readText(source, field));
  return entry.get(numbers.key) === 'location' ? [entry.get(numbers.value) ?? ''] : [''];
}

/** A tensor that has a place says it beside other entries: only where none is named, something is missing. */
function withoutUnnamed(places: ReadonlySet<string>): readonly string[] {
  const named = [...places].filter((place) => place !== '');
  return named.length > 0 ? named : [...places];
}

function isFinder(source: Source, field: Field): boolean {
  const { number, wireType, from, to } = field;
  if (number !== numbers.operator || wireType !== wireTypes.bytes || to - from > maxNameLength) return false;
  return finders.has(readText(source, field));
}

function readText(source: Source, { from, to }: Field): string {
  return Buffer.from(Array.from({ length: to - from }, (_, i) => source.byteAt(from + i))).toString();
}

/** Longer ones are no names of files. */
const maxPlaceLength = 4096;

const maxNameLength = Math.max(...Array.from(finders, ({ length }) => length));
