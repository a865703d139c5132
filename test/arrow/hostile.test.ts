/** Arrow streams that claim what is not there are refused with a sentence, before memory is taken for it. */
import { readColumns } from '../../src/arrow/columns';
import { byte, type FieldValue, int, long, short, writeRoot } from '../../src/arrow/flatbuffer-writer';
import { MalformedArrow } from '../../src/arrow/malformed';
import { readStream } from '../../src/arrow/stream';

interface Claims {
  readonly nodes: readonly (readonly [number, number])[];
  readonly buffers: readonly (readonly [number, number])[];
  readonly rows?: number;
}

/** A stream of one column whose batch claims what it wants. */
function claim(
  type: readonly [FieldValue, FieldValue],
  { nodes, buffers, rows: count = 1 }: Claims,
  body: Buffer,
): Buffer {
  const message = (kind: number, header: FieldValue, length: number) => {
    const metadata = writeRoot({ fields: [short(4), byte(kind), header, long(length)] });
    const head = Buffer.alloc(8, 0xff);
    head.writeUInt32LE(metadata.length, 4);
    return Buffer.concat([head, metadata]);
  };
  const field = { fields: ['x', byte(0), ...type, undefined, { tables: [] }] };
  const batch = { fields: [long(count), { pairs: nodes }, { pairs: buffers }] };
  return Buffer.concat([
    message(1, { fields: [undefined, { tables: [field] }] }, 0),
    message(3, batch, body.length),
    body,
  ]);
}

/** Buffers of these lengths, one behind the other. */
function layOut(...lengths: readonly number[]): readonly (readonly [number, number])[] {
  return lengths.map((length, i) => [lengths.slice(0, i).reduce((sum, each) => sum + each, 0), length]);
}

const doubles = [byte(3), { fields: [short(2)] }] as const;
const texts = [byte(5), { fields: [] }] as const;
const views = [byte(24), { fields: [] }] as const;

test.each([
  [
    'numbers that are not there',
    claim(
      doubles,
      {
        nodes: [[1e9, 0]],
        buffers: layOut(0, 8),
        rows: 1e9,
      },
      Buffer.alloc(8),
    ),
  ],
  [
    'a buffer beyond the body',
    claim(
      doubles,
      {
        nodes: [[1, 0]],
        buffers: layOut(0, 2 ** 40),
      },
      Buffer.alloc(8),
    ),
  ],
  ['fewer buffers than columns', claim(doubles, { nodes: [[1, 0]], buffers: layOut(0) }, Buffer.alloc(8))],
  [
    'a column longer than its batch',
    claim(
      doubles,
      {
        nodes: [[2, 0]],
        buffers: layOut(0, 16),
      },
      Buffer.alloc(16),
    ),
  ],
  [
    'text before its start',
    claim(
      texts,
      {
        nodes: [[1, 0]],
        buffers: layOut(0, 8, 8),
      },
      Buffer.of(9, 0, 0, 0, 1, 0, 0, 0, 65, 66, 67, 68, 69, 70, 71, 72),
    ),
  ],
  [
    'text that is not UTF-8',
    claim(
      texts,
      {
        nodes: [[1, 0]],
        buffers: layOut(0, 8, 1),
      },
      Buffer.of(0, 0, 0, 0, 1, 0, 0, 0, 0xff, 0, 0, 0, 0, 0, 0, 0),
    ),
  ],
  [
    'a view of text that is not there',
    claim(
      views,
      {
        nodes: [[1, 0]],
        buffers: layOut(0, 16),
      },
      Buffer.of(99, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0),
    ),
  ],
  [
    'integers of 7 bits',
    claim(
      [byte(2), { fields: [int(7), byte(1)] }],
      {
        nodes: [[1, 0]],
        buffers: layOut(0, 8),
      },
      Buffer.alloc(8),
    ),
  ],
  ['no metadata', Buffer.concat([Buffer.from([255, 255, 255, 255, 8, 0, 0, 0]), Buffer.alloc(8, 0xff)])],
  ['metadata of a gigabyte', Buffer.concat([Buffer.from([255, 255, 255, 255, 0, 0, 0, 64]), Buffer.alloc(64)])],
  ['a file', Buffer.from('ARROW1\0\0')],
  ['nothing', Buffer.alloc(0)],
  ['JSON', Buffer.from('{"instances":[[1]]}')],
])('%s is refused with a sentence', (_, body) => {
  expect(() => {
    const { fields, batches } = readStream(body);
    for (const batch of batches) for (const column of readColumns(fields, batch)) column.at(0);
  }).toThrow(MalformedArrow);
});
