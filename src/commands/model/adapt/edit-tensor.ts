/** Changes the integers of an ONNX tensor. */
import { bytesField, contentsOf, editMessage, fieldsOf } from './edit-message';

/** Field numbers of TensorProto, and its datatype INT64. */
const numbers = { datatype: 2, longs: 7, raw: 9 };
const int64 = 7;

/** Leaves a tensor of another datatype as it is. */
export function editTensor(tensor: Uint8Array, edit: (values: readonly number[]) => readonly number[]): Uint8Array {
  if (fieldsOf(tensor, numbers.datatype)[0]?.value !== int64) return tensor;
  const values = readLongs(tensor);
  if (values.length === 0) return tensor;
  const edited = BigInt64Array.from(edit(values), BigInt);
  const without = editMessage(tensor, { [numbers.raw]: () => undefined, [numbers.longs]: () => undefined });
  return Buffer.concat([without, bytesField(numbers.raw, new Uint8Array(edited.buffer))]);
}

function readLongs(tensor: Uint8Array): readonly number[] {
  const [raw] = contentsOf(tensor, numbers.raw);
  if (raw !== undefined) return Array.from(new BigInt64Array(Uint8Array.from(raw).buffer), Number);
  return contentsOf(tensor, numbers.longs).flatMap(readVarints);
}

/** Packed integers; a negative one takes ten bytes. */
function readVarints(bytes: Uint8Array): readonly number[] {
  const values: number[] = [];
  let value = 0n;
  let shift = 0n;
  for (const byte of bytes) {
    value |= BigInt(byte & 127) << shift;
    shift += 7n;
    if (byte >= 128) continue;
    values.push(Number(BigInt.asIntN(64, value)));
    value = 0n;
    shift = 0n;
  }
  return values;
}
