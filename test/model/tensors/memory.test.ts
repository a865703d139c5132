/** What tensors take in memory is told from their arrays, or from the signature before they are made. */
import { bytesInMemory, leastBytesOfRow } from '../../../src/model/tensors/memory';
import { createTensors, type TensorSpec } from '../../../src/model/tensors/tensors';

const floats: TensorSpec = { name: 'floats', datatype: 'FP32', shape: [-1, 3, 2] };
const halves: TensorSpec = { name: 'halves', datatype: 'FP16', shape: [-1, 5] };
const ids: TensorSpec = { name: 'ids', datatype: 'INT64', shape: [-1, -1] };
const texts: TensorSpec = { name: 'texts', datatype: 'BYTES', shape: [-1, 2] };

describe('the bytes of tensors', () => {
  test('are those of their elements, halves as the singles they are kept as', () => {
    const specs = [floats, halves];
    expect(bytesInMemory(createTensors(specs, 7))).toBe(7 * (6 * 4 + 5 * 4));
    expect(leastBytesOfRow(specs)).toBe(6 * 4 + 5 * 4);
  });

  test('are those of each row where sizes are free, with what a tensor of its own costs', () => {
    const rowOf = (size: number) => ({ sizes: [size], data: new BigInt64Array(size) });
    const bytes = bytesInMemory({ rows: 2, data: [[rowOf(3), rowOf(500)]] });
    expect(bytes).toBe(503 * 8 + 2 * leastBytesOfRow([ids]));
  });

  test('grow with the length of texts', () => {
    const bytesOf = (...data: string[]) => bytesInMemory({ rows: 1, data: [data] });
    expect(bytesOf('', '')).toBe(leastBytesOfRow([texts]));
    expect(bytesOf('a'.repeat(1000), 'é')).toBe(bytesOf('', '') + 2 * 1001);
  });

  test('are none without rows', () => {
    expect(bytesInMemory(createTensors([floats, ids, texts], 0))).toBe(0);
  });
});
