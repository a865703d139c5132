/** What an ONNX file holds that the runtime does not tell: tensors in other files, and operators that count what they find. */
import { type Field, readFields, type Source, wireTypes } from './protobuf';

export interface OnnxContents {
  /** Whether tensors are kept in other files, which no hash of a card covers: the runtime reads those without asking. */
  readonly isInParts: boolean;
  /** Whether an operator gives as many results as it finds, whatever the number of rows. */
  readonly sizesDependOnData: boolean;
}

/** Operators whose outputs have sizes that only the data decide. Who looks for weights with one knows how each begins. */
const finders: ReadonlySet<string> = new Set(['NonZero', 'NonMaxSuppression', 'Compress', 'Unique']);

/** Which fields of each message of onnx.proto hold messages that lead to tensors and operators, by their numbers. */
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

/** Of a TensorProto: where its data are said to be, and whether they are elsewhere. Of a NodeProto: its operator. */
const numbers = { externalData: 13, dataLocation: 14, operator: 4 };

/** Throws when the bytes are no ONNX. */
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

// A message may come in parts, which readers merge: either field in any part counts.
function isElsewhere({ number, wireType, value }: Field): boolean {
  return (
    (number === numbers.externalData && wireType === wireTypes.bytes) ||
    (number === numbers.dataLocation && wireType === wireTypes.varint && value !== 0)
  );
}

function isFinder(source: Source, { number, wireType, from, to }: Field): boolean {
  if (number !== numbers.operator || wireType !== wireTypes.bytes || to - from > longestName) return false;
  const name = String.fromCharCode(...Array.from({ length: to - from }, (_, i) => source.byteAt(from + i)));
  return finders.has(name);
}

const longestName = Math.max(...Array.from(finders, ({ length }) => length));
