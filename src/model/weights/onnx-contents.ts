/** Finds what the runtime does not report about an ONNX file: external tensors, and operators with data-dependent sizes. */
import { type Field, readFields, type Source, wireTypes } from './protobuf';

export interface OnnxContents {
  /** Whether tensors are stored in other files: the runtime reads those, but the card's hash does not cover them. */
  readonly isInParts: boolean;
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

/** Field numbers: two of TensorProto that say where its data are, and the operator of NodeProto. */
const numbers = { externalData: 13, dataLocation: 14, operator: 4 };

/** Throws when the bytes are not ONNX. */
export function readContents(source: Source): OnnxContents {
  const open = [{ message: 'model' as Message, fields: readFields(source, 0, source.length) }];
  let [isInParts, sizesDependOnData] = [false, false];
  for (let current = open.at(-1); current !== undefined; current = open.at(-1)) {
    const { message, fields } = current;
    const next = fields.next();
    if (next.done === true) {
      open.pop();
      continue;
    }
    const field = next.value;
    if (message === 'tensor') isInParts ||= isElsewhere(field);
    if (message === 'node') sizesDependOnData ||= isFinder(source, field);
    const within = (messages[message] as Readonly<Record<number, Message>>)[field.number];
    if (within !== undefined && field.wireType === wireTypes.bytes)
      open.push({ message: within, fields: readFields(source, field.from, field.to) });
  }
  return { isInParts, sizesDependOnData };
}

// Readers merge a message that is split, so either field counts in any part.
function isElsewhere({ number, wireType, value }: Field): boolean {
  return (
    (number === numbers.externalData && wireType === wireTypes.bytes) ||
    (number === numbers.dataLocation && wireType === wireTypes.varint && value !== 0)
  );
}

function isFinder(source: Source, { number, wireType, from, to }: Field): boolean {
  if (number !== numbers.operator || wireType !== wireTypes.bytes || to - from > maxNameLength) return false;
  const name = String.fromCharCode(...Array.from({ length: to - from }, (_, i) => source.byteAt(from + i)));
  return finders.has(name);
}

const maxNameLength = Math.max(...Array.from(finders, ({ length }) => length));
