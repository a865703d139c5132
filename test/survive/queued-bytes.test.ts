/** Rows of free sizes that wait are bounded by their bytes: a large picture is refused where a small one still has room. */
import { join } from 'node:path';
import { type App, createApp } from '../../src/app/app';
import { readConfig } from '../../src/config';
import type { HttpReply } from '../../src/http/message';
import { createEvent } from '../../src/http/request-event';
import { predict } from '../../src/model/batching/predict';
import { bytesInMemory } from '../../src/model/tensors/memory';
import type { Tensors } from '../../src/model/tensors/tensors';
import { projectDirectory } from '../processes';

/** Runs of one row each: the crowd waits for many turns of the event loop. */
const crowdRows = 2_000;

const toTensors = (rows: number, size: number): Tensors => ({
  rows,
  data: [Array.from({ length: rows }, () => ({ sizes: [1, size, size], data: new Float32Array(size * size) }))],
});
const crowd = toTensors(crowdRows, 2);
/** Room for the crowd and a few small pictures. */
const limit = bytesInMemory(crowd) + 10 * bytesInMemory(toTensors(1, 2));

function ask(app: App, size: number): Promise<HttpReply> {
  const image = [Array.from({ length: size }, () => Array<number>(size).fill(0.5))];
  const request = {
    method: 'POST',
    path: '/predict',
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify({ instances: [{ image }] })),
    isGone: () => false,
    event: createEvent(),
  };
  return Promise.resolve(app.handle(request));
}

test('a picture that has no room beside those that wait gets 429, a small one and all later ones their answers', async () => {
  const environment = { MAX_BATCH_ROWS: '1', MAX_QUEUED_BYTES: String(limit), LOG_REQUESTS: 'none' };
  const app = createApp(
    readConfig({ MODEL_DIR: join(projectDirectory, 'test/fixtures/models/pictures'), ...environment }),
  );
  await app.model.load();
  const waiting = predict(app.model.submit, crowd, { isGone: () => false });
  const [refused, small] = await Promise.all([ask(app, 32), ask(app, 2)]);
  expect(refused.status).toBe(429);
  expect(refused.headers).toEqual(expect.arrayContaining(['retry-after', '1']));
  const detail = expect.stringMatching(`bytes of rows are queued: .* \\(limit ${limit}\\)`) as unknown;
  expect(JSON.parse(String(refused.body))).toMatchObject({ status: 429, detail });
  expect(small.status).toBe(200);
  await waiting;
  expect((await ask(app, 32)).status).toBe(200);
  await app.model.release();
});
