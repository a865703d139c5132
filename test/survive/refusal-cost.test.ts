/** Saying no is cheap: a full queue costs a caller's request a small part of what its prediction would. */
import { type App, createApp } from '../../src/app/app';
import { readConfig } from '../../src/config';
import type { HttpRequest } from '../../src/http/message';
import { createEvent } from '../../src/http/request-event';
import { goodInstance, modelDirectory } from '../model-files';

const rounds = 15;
const requestsOfRound = 300;

const createRequest = (): HttpRequest => ({
  method: 'POST',
  path: '/predict',
  headers: { 'content-type': 'application/json' },
  body: Buffer.from(JSON.stringify({ instances: [goodInstance] })),
  isGone: () => false,
  event: createEvent(),
});

function microsecondsSince(start: NodeJS.CpuUsage): number {
  const { user, system } = process.cpuUsage(start);
  return user + system;
}

async function predict(app: App): Promise<void> {
  const reply = await app.handle(createRequest());
  expect(reply.status).toBe(200);
}

/** CPU time of a prediction on its own, in microseconds. */
async function costOfPrediction(app: App): Promise<number> {
  const start = process.cpuUsage();
  for (let i = 0; i < requestsOfRound; i++) await predict(app);
  return microsecondsSince(start) / requestsOfRound;
}

/** CPU time of a refusal, while one row waits and fills the queue. */
async function costOfRefusal(app: App): Promise<number> {
  const first = predict(app);
  const start = process.cpuUsage();
  const refusals = await Promise.all(Array.from({ length: requestsOfRound }, () => app.handle(createRequest())));
  const cost = microsecondsSince(start) / requestsOfRound;
  await first;
  expect(new Set(refusals.map(({ status }) => status))).toEqual(new Set([429]));
  return cost;
}

test('a refusal costs less than a fifth of the prediction of one row', async () => {
  const app = createApp(readConfig({ MODEL_DIR: modelDirectory, MAX_QUEUED_ROWS: '1', LOG_REQUESTS: 'none' }));
  await app.model.load();
  const ratios: number[] = [];
  for (let round = 0; round < rounds; round++) ratios.push((await costOfRefusal(app)) / (await costOfPrediction(app)));
  const median = ratios.sort((a, b) => a - b)[rounds >> 1];
  expect(median).toBeLessThan(1 / 5);
  await app.model.release();
});
