/** The session runs the real weights and gives their outputs in the order of the card. */

import { readSamples } from '../../../src/model/acceptance/golden-samples';
import { type Card, type OutputSpec, readCard } from '../../../src/model/card/card';
import { compileValidators } from '../../../src/model/instances/compile';
import { createContract } from '../../../src/model/instances/contract';
import { openSession, type Session } from '../../../src/model/runtime/session';
import { rowWidth, type Tensors } from '../../../src/model/tensors/tensors';
import { finish } from '../../../src/turns';
import { modelDirectory } from '../../model-files';

const cardFile = readCard(modelDirectory);
const { card } = cardFile;
const instances = readSamples(modelDirectory).map(({ instance }) => instance);

const sessions: Session[] = [];
afterAll(() => Promise.all(sessions.map((session) => session.release())));

async function open(changed: Card = card): Promise<Session> {
  const session = await openSession(modelDirectory, changed, { threads: 1 });
  sessions.push(session);
  return session;
}

function readRows(count: number): Tensors {
  const contract = createContract(card, modelDirectory, compileValidators(cardFile));
  return finish(contract.readInstances(instances.slice(0, count), ''));
}

function withOutputs(change: (outputs: readonly OutputSpec[]) => readonly OutputSpec[]): Card {
  return { ...card, outputs: change(card.outputs) };
}

function plain({ data }: Tensors): unknown[][] {
  return data.map((values) => [...values]);
}

test('outputs come in the order of the card, each with the elements of its rows', async () => {
  const inputs = await readRows(10);
  const outputs = await (await open()).run(() => inputs);
  expect(outputs.rows).toBe(10);
  expect(outputs.data.map(({ length }) => length)).toStrictEqual(card.outputs.map((spec) => 10 * rowWidth(spec)));

  const reversed = await open(withOutputs((specs) => specs.toReversed()));
  expect(plain(await reversed.run(() => inputs))).toStrictEqual(plain(outputs).reverse());
});

test('a row is answered the same alone and among others', async () => {
  const session = await open();
  const [one, many] = await Promise.all([readRows(1), readRows(100)]);
  const [alone, joined] = [await session.run(() => one), await session.run(() => many)];
  for (const [t, spec] of card.outputs.entries()) {
    const width = rowWidth(spec);
    expect([...(joined.data[t] ?? [])].slice(0, width)).toStrictEqual([...(alone.data[t] ?? [])]);
  }
});

test('rows are collected when the turn of the event loop has delivered all', async () => {
  const session = await open();
  const inputs = await readRows(1);
  let isTurnOver = false;
  const run = session.run(() => {
    expect(isTurnOver).toBe(true);
    return inputs;
  });
  isTurnOver = true;
  expect((await run).rows).toBe(1);
});

test('a collect() that throws fails the run and not the next one', async () => {
  const session = await open();
  const failure = new Error('There are no rows.');
  const failing = session.run(() => {
    throw failure;
  });
  await expect(failing).rejects.toBe(failure);
  const inputs = await readRows(2);
  expect((await session.run(() => inputs)).rows).toBe(2);
});

test('runs that overlap give each its own rows', async () => {
  const session = await open();
  const [first, second] = await Promise.all([readRows(3), readRows(60)]);
  const [alone, both] = [
    [plain(await session.run(() => first)), plain(await session.run(() => second))],
    await Promise.all([session.run(() => first), session.run(() => second)]),
  ];
  expect(both.map(plain)).toStrictEqual(alone);
});

describe('weights are refused', () => {
  test('when they are not those of the card', async () => {
    const weights = { ...card.weights, sha256: '0'.repeat(64) };
    await expect(open({ ...card, weights })).rejects.toThrow(
      `${card.weights.file} does not match its card: expected sha256 ${weights.sha256}, got ${card.weights.sha256}.`,
    );
  });

  test('when they take something else than the card says', async () => {
    const inputs = card.inputs.map((spec) => ({ ...spec, shape: [-1, 99] }));
    await expect(open({ ...card, inputs })).rejects.toThrow(
      /^The inputs of the weights do not match the card: expected .*\[-1 99\], got/,
    );
  });

  test.each<[string, (outputs: readonly OutputSpec[]) => readonly OutputSpec[]]>([
    ['has another name', (outputs) => outputs.map((spec) => ({ ...spec, name: `${spec.name}_` }))],
    ['has another datatype', (outputs) => outputs.map((spec) => ({ ...spec, datatype: 'FP64' }))],
    [
      'is unknown to the weights',
      ([first, ...rest]) => [first as OutputSpec, { ...(first as OutputSpec), name: 'extra' }, ...rest],
    ],
  ])('when an output %s', async (_, change) => {
    await expect(open(withOutputs(change))).rejects.toThrow(
      /^The outputs of the weights do not match the card: expected .*, got/,
    );
  });
});

test('an output that the card leaves out is not computed', async () => {
  const inputs = readRows(2);
  const [whole, part] = [await open(), await open(withOutputs((outputs) => outputs.slice(1)))];
  const { data } = await whole.run(() => inputs);
  expect(plain(await part.run(() => inputs))).toStrictEqual(plain({ rows: 2, data: data.slice(1) }));
});

test('the library sends no usage data', async () => {
  await open();
  expect(process.env.ORT_DISABLE_TELEMETRY).toBe('1');
});
