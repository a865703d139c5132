/** What the table of datatypes promises: every row is whole, and is all that a datatype takes. */
import fc from 'fast-check';
import { cardSchema } from '../../../src/model/card/card-schema';
import { type Datatype, datatypeOf, datatypes } from '../../../src/model/tensors/datatypes';
import type { Kind } from '../../../src/model/tensors/elements';
import { createData, toElements } from '../../../src/model/tensors/tensors';

describe.each(Object.entries(datatypes))('the datatype %s', (name, row) => {
  test('is whole', () => {
    expect(datatypeOf(row.runtime)).toBe(name);
    expect(cardSchema).toHaveProperty('$defs.datatype.enum', expect.arrayContaining([name]));
    const inMemory = 'BYTES_PER_ELEMENT' in row.array ? row.array.BYTES_PER_ELEMENT : undefined;
    expect(row.bytes).toBe(row.packing?.pack(new Float32Array()).BYTES_PER_ELEMENT ?? inMemory);
    expect(row.expected).toMatch(/^(an? |true)/);
    expect(row.isNumeric).toBe(['number', 'integer'].includes(row.kind));
    expect([row.answerSchema.type].flat()).toContain(row.valueSchema.type);
    expect(row.byteRule?.findStrange(createData(name as Datatype, 3), false) ?? -1).toBe(-1);
  });

  test('reads its zero as what a new tensor is filled with', () => {
    const [element] = createData(name as Datatype, 1);
    const read = row.read(row.zero);
    expect(typeof element === 'bigint' ? BigInt(read as number) : read).toBe(element);
  });

  test('reads what it writes as the same element', () => {
    const property = fc.property(elements[row.kind](name as Datatype), (element) => {
      const text = row.write(element);
      // As JSON is parsed for a model with such an input: exactly.
      const value: unknown = row.isLong ? BigInt(text) : JSON.parse(text);
      const data = createData(name as Datatype, 1) as unknown[];
      data[0] = row.read(value);
      // -0 is written 0.
      expect(withoutSign(data[0])).toBe(withoutSign(element));
    });
    fc.assert(property);
  });

  test.each([undefined, {}, [], null])('reads %j as nothing', (value) => {
    expect(row.read(value)).toBeUndefined();
  });
});

const withoutSign = (element: unknown) => (element === 0 ? 0 : element);

/** Elements as an array of the datatype holds them. */
const elements: Readonly<Record<Kind, (name: Datatype) => fc.Arbitrary<unknown>>> = {
  boolean: () => fc.constantFrom(0, 1),
  text: () => fc.string({ unit: 'binary' }).filter((text) => !text.includes('\\')),
  integer: (name) => fromBytes(name),
  number: (name) => {
    const decimal = fc.integer({ min: -1e6, max: 1e6 }).map((n) => n / 1e4);
    // The float32 of a decimal is another double than the decimal.
    return fc
      .oneof(fromBytes(name), decimal, decimal.map(Math.fround))
      .map((value) => datatypes[name].round(value as number))
      .filter(Number.isFinite);
  },
};

function fromBytes(name: Datatype): fc.Arbitrary<unknown> {
  const row = datatypes[name];
  if (row.bytes === undefined) throw new Error(`${name} has no bytes of a fixed number.`);
  const { bytes } = row;
  return fc.uint8Array({ minLength: bytes, maxLength: bytes }).map((data) => toElements(row, data.slice())[0]);
}
