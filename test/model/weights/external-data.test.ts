/** Weights with tensors in other files are refused, whatever those files hold and wherever the process was started. */
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readCard } from '../../../src/model/card/card';
import { openSession, openWeights } from '../../../src/model/runtime/session';
import { run, work } from '../../commands/model/command';
import { describeEachHost } from '../../hosts';
import { type Field, toConstant, toNode } from '../../onnx-file';
import { type SmallModel, type WrittenModel, writeModel } from '../small-model';
import { dataFile, ones, places, tensor, toProduct } from './split-models';

const megabyte = 1024 * 1024;
const written: WrittenModel[] = [];
afterAll(() => {
  for (const { remove } of written) remove();
  rmSync(work, { recursive: true });
});

function write(model: SmallModel): string {
  const made = writeModel(model);
  written.push(made);
  writeFileSync(join(made.directory, dataFile), Buffer.from(ones.buffer));
  return made.directory;
}

/** Runs with a directory as the working directory, where the runtime looks for what weights of few bytes leave out. */
async function within<Value>(directory: string, read: () => Promise<Value>): Promise<Value> {
  const before = process.cwd();
  process.chdir(directory);
  try {
    return await read();
  } finally {
    process.chdir(before);
  }
}

async function open(directory: string): Promise<void> {
  const session = await openSession(directory, readCard(directory).card, { threads: 1 });
  await session.release();
}

/** A field that readers skip, of so many bytes. */
const padding = (bytes: number): Field => [10, [[2, Buffer.alloc(bytes)]]];

const refusal = /model\.onnx stores weights in other files, which the card's hash does not cover\./;

it('the runtime would read them', async () => {
  const directory = write(toProduct([[5, tensor]]));
  const path = join(directory, 'model.onnx');
  await (await openWeights(path)).release();
  rmSync(join(directory, dataFile));
  await expect(openWeights(path)).rejects.toThrow(dataFile);
});

describe.each([
  ['of few bytes', []],
  ['of many bytes', [padding(2 * megabyte)]],
])('weights %s are refused with a tensor elsewhere', (_size, more) => {
  it.each(places)('%s', async (_title, graph, ofModel) => {
    const directory = write(toProduct(graph, [...ofModel, ...more]));
    await expect(within(directory, () => open(directory))).rejects.toThrow(refusal);
  });
});

it('weights are refused wherever the name of a place lies in the file', async () => {
  const directory = write(toProduct([[5, tensor]]));
  const at = readFileSync(join(directory, 'model.onnx')).indexOf('location');
  for (let cut = 0; cut <= 'location'.length; cut++) {
    // Files are read in pieces of a megabyte.
    const graph: Field[] = [
      [10, Buffer.alloc(megabyte - at - cut)],
      [5, tensor],
    ];
    await expect(open(write(toProduct(graph, [padding(megabyte)])))).rejects.toThrow(refusal);
  }
});

it.each([0, 2 * megabyte])('weights that only speak of a location are served, with %d bytes more', async (bytes) => {
  const graph = [toNode('Identity', ['w'], 'location'), toConstant('NonZero', [1], Float32Array.of(1))];
  await open(write(toProduct(graph, [padding(bytes)])));
});

describeEachHost(
  'weights with a tensor in a file beside them',
  (host) => {
    it('are not served', async () => {
      const { status } = await host.post('/predict', { instances: [[1, 0, 0, 0]] });
      expect(status).toBe(503);
    });
  },
  { env: { MODEL_DIR: write(toProduct([[5, tensor]], [padding(2 * megabyte)])) } },
);

test('`npm run model` refuses them where the other file is there', async () => {
  const directory = write(toProduct([[5, tensor]]));
  writeFileSync(join(work, dataFile), Buffer.from(ones.buffer));
  expect(await run('check', directory)).toMatchObject({ code: 1, output: expect.stringMatching(refusal) });
  const inspected = await run('inspect', join(directory, 'model.onnx'), '--out', 'out');
  expect(inspected).toMatchObject({ code: 1, errors: expect.stringMatching(refusal) });
});
