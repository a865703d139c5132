/** The versions that an ONNX file names, read from the fields of its ModelProto: the runtime does not tell them. */

export interface OnnxVersions {
  readonly irVersion: number | undefined;
  /** Versions of the operator sets by domain; the domain of ONNX itself is "". */
  readonly opsets: ReadonlyMap<string, number>;
}

/** Numbers of fields in onnx.proto: of a ModelProto, then of an OperatorSetIdProto. */
const fields = { irVersion: 1, opsetImport: 8, domain: 1, version: 2 };

type Value = number | Uint8Array;

export function readVersions(model: Uint8Array): OnnxVersions {
  const all = [...readFields(model)];
  const irVersion = all.find(([field]) => field === fields.irVersion)?.[1];
  const opsets = all.flatMap(([field, value]) =>
    field === fields.opsetImport && value instanceof Uint8Array ? [readOpset(value)] : [],
  );
  return { irVersion: typeof irVersion === 'number' ? irVersion : undefined, opsets: new Map(opsets) };
}

function readOpset(bytes: Uint8Array): readonly [string, number] {
  const members = new Map(readFields(bytes));
  const [domain, version] = [members.get(fields.domain), members.get(fields.version)];
  return [domain instanceof Uint8Array ? Buffer.from(domain).toString() : '', Number(version)];
}

/** The fields of a message in protocol buffers' wire format; nested messages, strings and packed numbers come as bytes. */
function* readFields(bytes: Uint8Array): Generator<readonly [number, Value]> {
  let at = 0;

  function varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 128) {
      const byte = bytes[at++];
      if (byte === undefined) throw new RangeError('The message ends in the middle of a number.');
      value += (byte & 127) * factor;
      if (byte < 128) return value;
    }
  }

  function take(length: number): Uint8Array {
    if (at + length > bytes.length) throw new RangeError('The message ends in the middle of a field.');
    at += length;
    return bytes.subarray(at - length, at);
  }

  while (at < bytes.length) {
    const key = varint();
    const [field, wireType] = [Math.floor(key / 8), key % 8];
    if (wireType === 0) yield [field, varint()];
    else if (wireType === 1) yield [field, take(8)];
    else if (wireType === 2) yield [field, take(varint())];
    else if (wireType === 5) yield [field, take(4)];
    else throw new RangeError(`There is no wire type ${wireType}.`);
  }
}
