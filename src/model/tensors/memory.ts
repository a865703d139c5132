/** What tensors take in memory. */
import { datatypes } from './datatypes';
import {
  type Elements,
  isFree,
  isRowTensors,
  rowWidth,
  type TensorData,
  type TensorSpec,
  type Tensors,
} from './tensors';

/** Of a row that is a tensor of its own: the object, its sizes and its typed array, before the elements. */
const rowTensorBytes = 200;
/** Of a string: its header and its slot in the array, before the characters. */
const stringBytes = 24;
/** A character outside Latin-1 makes all of its string take two bytes each. */
const characterBytes = 2;

/** An upper estimate for texts, exact for the elements of all else. */
export function bytesInMemory({ data }: Tensors): number {
  let bytes = 0;
  for (const each of data) bytes += bytesOfData(each);
  return bytes;
}

/** What each row takes at least, as far as the signature tells. */
export function leastBytesOfRow(specs: readonly TensorSpec[]): number {
  return specs.reduce((sum, spec) => sum + (isFree(spec) ? rowTensorBytes : rowWidth(spec) * bytesOfElement(spec)), 0);
}

function bytesOfElement({ datatype }: TensorSpec): number {
  const row = datatypes[datatype];
  return row.bytes === undefined ? stringBytes : row.array.BYTES_PER_ELEMENT;
}

function bytesOfData(data: TensorData): number {
  if (!isRowTensors(data)) return bytesOfElements(data as Elements);
  let bytes = data.length * rowTensorBytes;
  for (const row of data) bytes += bytesOfElements(row.data);
  return bytes;
}

function bytesOfElements(elements: Elements): number {
  if (!Array.isArray(elements)) return (elements as Exclude<Elements, string[]>).byteLength;
  let bytes = elements.length * stringBytes;
  for (const text of elements) bytes += text.length * characterBytes;
  return bytes;
}
