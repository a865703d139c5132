/** No body of ten megabytes ends a process that has the memory of the deploy's recipe. `npm run fuzz` sends each in every coding to every host. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { deflateSync, gzipSync } from 'node:zlib';
import { type Host, processKinds, startHost } from '../hosts';
import { modelDirectory } from '../model-files';
import { type BodyClassName, bodyClasses } from './hostile-bodies';
import { writeImageModel } from './image-model';
import type { BodyModel, LargeBody } from './large-text';
import { createMemoryGroup } from './memory-limit';

const isThorough = process.env.FUZZ_RUNS !== undefined;
const mostBytes = 512 * 1024 * 1024;
const heap = '--max-old-space-size=256 --max-semi-space-size=4';

const pack = {
  identity: (body: Buffer) => body,
  gzip: (body: Buffer) => gzipSync(body, { level: 1 }),
  deflate: (body: Buffer) => deflateSync(body, { level: 1 }),
} as const;
type Coding = keyof typeof pack;
const codings = Object.keys(pack) as Coding[];
const names = Object.keys(bodyClasses) as BodyClassName[];

const images = writeImageModel();
const group = createMemoryGroup(mostBytes);
afterAll(() => {
  images.remove();
  group?.remove();
});

const models = [
  ['of rows of a few numbers', modelDirectory],
  ['of rows of images', images.directory],
] as const;
const places = processKinds.flatMap((kind, i) =>
  models.map(([rows, directory], j) => ({ kind, rows, directory, nth: 2 * i + j })),
);

/** Those of the fewest bytes that a parser without limits does not live through: they go to every host. */
const worst: readonly BodyClassName[] = [
  'empty objects',
  'empty objects and a comma at the end',
  'arrays as deep as may be',
  'calls of an object',
];

/** Every class somewhere, in some coding; all of them everywhere when there is time. */
function casesOf(nth: number): [BodyClassName, Coding][] {
  return names.flatMap((name, i): [BodyClassName, Coding][] => {
    if (isThorough) return codings.map((coding) => [name, coding]);
    if (worst.includes(name)) return [[name, 'gzip']];
    return i % places.length === nth
      ? [[name, codings[(Math.floor(i / places.length) + nth) % codings.length] as Coding]]
      : [];
  });
}

describe.each(places)(`A model $rows in ${mostBytes} bytes, $kind`, ({ kind, directory, nth }) => {
  let host: Host;
  const model = JSON.parse(readFileSync(join(directory, 'card.json'), 'utf8')) as BodyModel;
  beforeAll(async () => {
    host = await startHost(kind, {
      env: { MODEL_DIR: directory, NODE_OPTIONS: heap, LOG_REQUESTS: 'none' },
      ...(group && { through: group.through }),
    });
    expect((await host.request('GET', '/v2/health/ready')).status).toBe(200);
  });
  afterAll(() => host.stop());

  test.each(casesOf(nth))('lives on after %s, %s', async (name, coding) => {
    const { path, headers = {}, body }: LargeBody = bodyClasses[name](model);
    const coded = coding === 'identity' ? {} : { 'content-encoding': coding };
    const { status } = await host.request('POST', path, {
      headers: { ...headers, ...coded },
      body: pack[coding](body),
    });
    expect(status).toBeLessThan(500);
    const small = await host.post('/predict', { instances: [[]] });
    expect(small.status).toBe(422);
    expect(highestBytes(host.pid)).toBeLessThan(mostBytes);
  });
});

/** The most memory that a process has held. */
function highestBytes(pid: number): number {
  return Number(/VmHWM:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) * 1024;
}
