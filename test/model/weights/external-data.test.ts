/** Tensors in other files are served where the card names those files, and refused elsewhere, wherever the process was started. */
import { createHash } from 'node:crypto';
import { readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
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

const refusal = /model\.onnx keeps tensors in files that its card does not name: (model\.onnx\.data|\(unnamed\))\./;

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
  'weights with a tensor in a file that the card does not name',
  (host) => {
    it('are not served', async () => {
      const { status } = await host.post('/predict', { instances: [[1, 0, 0, 0]] });
      expect(status).toBe(503);
    });
  },
  { env: { MODEL_DIR: write(toProduct([[5, tensor]], [padding(2 * megabyte)])) } },
);

function nameFile(directory: string, sha256: string): void {
  const path = join(directory, 'card.json');
  const card = JSON.parse(readFileSync(path, 'utf8')) as { readonly weights: object };
  const files = [{ file: dataFile, sha256, bytes: ones.byteLength }];
  writeFileSync(path, JSON.stringify({ ...card, weights: { ...card.weights, files } }));
}

const dataHash = createHash('sha256').update(Buffer.from(ones.buffer)).digest('hex');

describe.each([
  ['of few bytes', []],
  ['of many bytes', [padding(2 * megabyte)]],
])('weights %s with a tensor in a file that the card names', (_size, more) => {
  it('are served, wherever the process was started', async () => {
    const directory = write(toProduct([[5, tensor]], more));
    nameFile(directory, dataHash);
    await within(tmpdir(), () => open(directory));
  });

  it('are refused when the file is another, or not there', async () => {
    const directory = write(toProduct([[5, tensor]], more));
    nameFile(directory, dataHash);
    writeFileSync(join(directory, dataFile), Buffer.alloc(ones.byteLength));
    await expect(open(directory)).rejects.toThrow(`${dataFile} does not match its card: expected sha256 ${dataHash}`);
    rmSync(join(directory, dataFile));
    await expect(open(directory)).rejects.toThrow(/model\.onnx\.data is missing/);
  });
});

test('`npm run model` names them in the card, and checks refuse a card that does not', async () => {
  const directory = write(toProduct([[5, tensor]]));
  writeFileSync(join(work, dataFile), Buffer.from(ones.buffer));
  expect(await run('check', directory)).toMatchObject({ code: 1, output: expect.stringMatching(refusal) });
  const inspected = await run('inspect', join(directory, 'model.onnx'), '--out', 'out');
  expect(inspected).toMatchObject({ code: 0, errors: '' });
  const { weights } = readCard(join(work, 'out')).card;
  expect(weights.files).toEqual([{ file: dataFile, sha256: dataHash, bytes: ones.byteLength }]);
  expect(readFileSync(join(work, 'out', dataFile))).toEqual(Buffer.from(ones.buffer));
  await open(join(work, 'out'));
});
