/** What the tables of tasks and roles promise: every row is whole, agrees with the others, and is all that a task takes. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Card, OutputSpec } from '../../../src/model/card/card';
import { cardSchema } from '../../../src/model/card/card-schema';
import { roles } from '../../../src/model/card/roles';
import { compileValidators } from '../../../src/model/instances/compile';
import { createPredictionWriters, tasks } from '../../../src/model/predictions/tasks';
import { datatypes } from '../../../src/model/tensors/datatypes';
import { createData } from '../../../src/model/tensors/tensors';
import { projectDirectory } from '../../processes';
import { createCard, feature } from '../cards';

const inputs = [{ name: 'X', datatype: 'FP32', shape: [-1, 1] }] as const;
const features = [feature('a', 'X', 0)];
const cards: Readonly<Record<keyof typeof tasks, Card>> = {
  classification: create('classification', [
    { name: 'label', datatype: 'INT64', shape: [-1], role: 'label' },
    { name: 'shares', datatype: 'FP64', shape: [-1, 2], role: 'probabilities' },
  ]),
  regression: create('regression', [{ name: 'y', datatype: 'FP32', shape: [-1, 1], role: 'value' }]),
  embedding: create('embedding', [{ name: 'y', datatype: 'FP32', shape: [-1, 3], role: 'embedding' }]),
  tensors: create('tensors', [
    { name: 'y', datatype: 'BOOL', shape: [-1, 2], role: 'tensor' },
    { name: 'z', datatype: 'BYTES', shape: [-1], role: 'tensor' },
  ]),
};

function create(task: Card['task'], outputs: readonly OutputSpec[]): Card {
  return createCard({ task, inputs, features, outputs, ...(task === 'classification' && { labels: ['no', 'yes'] }) });
}

describe.each(Object.entries(tasks))('the task %s', (name, row) => {
  const card = cards[name as keyof typeof tasks];
  const named = createPredictionWriters(card);
  const outputs = { rows: 1, data: card.outputs.map(({ datatype }) => createData(datatype, 3)) };

  test('takes a card that has its outputs', () => {
    expect(() => row.check(card)).not.toThrow();
  });

  test('writes the members that it describes, and each alone where they have names', () => {
    const prediction = JSON.parse(named.prediction(outputs, 0)) as object;
    const { prediction: _, ...alone } = named;
    expect(Object.keys(prediction)).toEqual([...row.memberSchemas(card).keys()]);
    expect(Object.keys(alone)).toEqual(row.hasNamedMembers ? Object.keys(prediction) : []);
    for (const [member, write] of Object.entries(alone))
      expect(JSON.parse(write(outputs, 0))).toEqual(prediction[member as keyof typeof prediction]);
  });

  test('explains numbers of the card, or nothing', () => {
    const explained = row.findExplained(card);
    expect([undefined, ...card.outputs]).toContain(explained);
    if (explained !== undefined) expect(datatypes[explained.datatype].kind).toBe('number');
  });
});

test('the schema of cards knows the tasks and roles of the tables, and no others', () => {
  expect(cardSchema).toHaveProperty('properties.task.enum', Object.keys(tasks));
  expect(cardSchema).toHaveProperty('$defs.output.properties.role.enum', Object.keys(roles));
});

// The first reads the parts of an ONNX file, the second spells texts as Triton does.
const exceptions = ['model/weights/onnx-contents.ts', 'protocols/open-inference/triton.ts'];

test('no other source compares a datatype, a task or a role by its name', () => {
  const names = [datatypes, tasks, roles].flatMap((table) => Object.keys(table)).join('|');
  const comparison = new RegExp(`([!=]== |case )'(${names})'|\\/\\^?\\(?(FP|U\\?INT|INT)`);
  const directory = join(projectDirectory, 'src');
  const files = readdirSync(directory, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
  const comparing = files.filter((file) => comparison.test(readFileSync(join(directory, file), 'utf8')));
  expect(comparing.sort()).toEqual(exceptions);
});

describe('a card is refused where', () => {
  const pair = { name: 'y', datatype: 'FP32', shape: [-1, 2] } as const;
  const label = { name: 'l', datatype: 'INT64', shape: [-1], role: 'label' } as const;
  const shares = { ...pair, role: 'probabilities' } as const;

  test.each<[string, Card['task'], readonly OutputSpec[], RegExp]>([
    ['labels are neither integers nor texts', 'classification', [{ ...label, datatype: 'FP32' }], /"label".*FP32/],
    ['a row has two labels', 'classification', [{ ...label, shape: [-1, 2] }], /"label".*expected 1 .*got 2/],
    ['probabilities are no floats', 'classification', [{ ...shares, datatype: 'INT64' }], /"probabilities".*INT64/],
    ['a label has no probability', 'classification', [{ ...shares, shape: [-1, 1] }], /expected 2 .*got 1/],
    [
      'two outputs have a number for each label',
      'classification',
      [shares, { ...pair, role: 'scores' }],
      /expected one/,
    ],
    ['a value is text', 'regression', [{ ...pair, datatype: 'BYTES', role: 'value' }], /"value".*BYTES/],
    ['a vector is of integers', 'embedding', [{ ...pair, datatype: 'INT8', role: 'embedding' }], /"embedding".*INT8/],
  ])('%s', (_, task, outputs, message) => {
    const card = create(task, outputs);
    const file = { card, document: card, bytes: Buffer.alloc(0), sha256: '' };
    expect(() => compileValidators(file)).toThrow(message);
  });
});
