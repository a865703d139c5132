/** Typed contents of every datatype are read as the elements they stand for, and refused where they do not fit. */
import type { Datatype } from '../../../../src/model/tensors/datatypes';
import { bytesField, longVarint, packedField, varintField } from '../../../../src/protobuf/write';
import { toSentElements } from '../../../../src/protocols/open-inference/grpc/contents';
import { finish } from '../../../../src/turns';

const promised = (count: number) => ({ count, check: () => undefined });

function read(datatype: Datatype, bytes: Buffer, count: number): readonly unknown[] {
  const spec = { name: 'x', datatype, shape: [-1] };
  return Array.from(finish(toSentElements(bytes).read(spec, promised(count), '/inputs/0')) as ArrayLike<unknown>);
}

const packedLongs = (field: number, values: readonly bigint[]) =>
  bytesField(field, Buffer.from(values.flatMap(longVarint)));
const floats = (...values: readonly number[]) => bytesField(6, Buffer.from(Float32Array.from(values).buffer));
const doubles = (...values: readonly number[]) => bytesField(7, Buffer.from(Float64Array.from(values).buffer));
const texts = (...values: readonly string[]) => Buffer.concat(values.map((text) => bytesField(8, Buffer.from(text))));

test.each<[Datatype, Buffer, readonly unknown[]]>([
  ['BOOL', packedField(1, [1, 0]), [1, 0]],
  ['INT8', packedField(2, [-128, 127]), [-128, 127]],
  ['INT16', packedField(2, [-32_768, 32_767]), [-32_768, 32_767]],
  ['INT32', packedField(2, [-2_147_483_648, 2_147_483_647]), [-2_147_483_648, 2_147_483_647]],
  ['INT64', packedLongs(3, [-(2n ** 63n), 9_007_199_254_740_993n]), [-(2n ** 63n), 9_007_199_254_740_993n]],
  ['UINT8', packedField(4, [0, 255]), [0, 255]],
  ['UINT16', packedField(4, [0, 65_535]), [0, 65_535]],
  ['UINT32', packedField(4, [0, 4_294_967_295]), [0, 4_294_967_295]],
  ['UINT64', packedLongs(5, [2n ** 64n - 1n, 0n]), [2n ** 64n - 1n, 0n]],
  ['FP32', floats(0.5, -2), [0.5, -2]],
  ['FP64', doubles(0.1, -5e-324), [0.1, -5e-324]],
  ['BYTES', texts('größe 😀', ''), ['größe 😀', '']],
])('%s', (datatype, bytes, elements) => {
  expect(read(datatype, bytes, elements.length)).toEqual(elements);
  expect(() => read(datatype, bytes, elements.length + 1)).toThrow(/expected 3 elements for this shape, got 2/);
});

test('a number may be in a field of its own, between others', () => {
  const mixed = Buffer.concat([packedField(2, [1, 2]), varintField(2, 3), packedField(2, [4])]);
  expect(read('INT32', mixed, 4)).toEqual([1, 2, 3, 4]);
});

test.each<[string, Datatype, Buffer, RegExp]>([
  [
    'a number out of range',
    'INT8',
    packedField(2, [1, 128]),
    /expected an integer from -128 to 127, got 128 in element 1/,
  ],
  ['a negative number', 'UINT8', packedLongs(4, [1n, -1n]), /expected an integer from 0 to 255/],
  [
    'contents of another kind',
    'INT64',
    packedField(2, [1, 2]),
    /expected int64_contents for its datatype, got int_contents/,
  ],
  ['a float16', 'FP16', floats(1, 2), /expected FP16 in raw_input_contents/],
  ['half a float', 'FP32', bytesField(6, Buffer.alloc(7)), /7 bytes of elements of 4/],
  ['text that is not UTF-8', 'BYTES', Buffer.concat([texts(''), bytesField(8, Buffer.from([255]))]), /not UTF-8/],
])('%s is refused', (_, datatype, bytes, words) => {
  expect(() => read(datatype, bytes, 2)).toThrow(words);
});
