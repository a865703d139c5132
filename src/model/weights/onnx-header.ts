/** Reads the versions in an ONNX file's ModelProto, which the runtime does not expose. */
import { readFields, toSource, wireTypes } from './protobuf';

export interface OnnxVersions {
  readonly irVersion: number | undefined;
  /** Operator set versions by domain; ONNX itself is "". */
  readonly opsets: ReadonlyMap<string, number>;
}

/** Field numbers in onnx.proto: two of ModelProto, two of OperatorSetIdProto. */
const numbers = { irVersion: 1, opsetImport: 8, domain: 1, version: 2 };

export function readVersions(model: Uint8Array): OnnxVersions {
  const fields = [...readFields(toSource(model), 0, model.length)];
  const version = fields.find(({ number, wireType }) => number === numbers.irVersion && wireType === wireTypes.varint);
  const opsets = fields
    .filter(({ number, wireType }) => number === numbers.opsetImport && wireType === wireTypes.bytes)
    .map(({ from, to }) => readOpset(model.subarray(from, to)));
  return { irVersion: version?.value, opsets: new Map(opsets) };
}

function readOpset(bytes: Uint8Array): readonly [string, number] {
  const fields = new Map([...readFields(toSource(bytes), 0, bytes.length)].map((field) => [field.number, field]));
  const domain = fields.get(numbers.domain);
  const name = domain === undefined ? '' : Buffer.from(bytes.subarray(domain.from, domain.to)).toString();
  return [name, Number(fields.get(numbers.version)?.value)];
}
