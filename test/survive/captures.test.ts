/**
 * Captures under load and on failing disks and pipes: what was accepted is written once, answers go on, and metrics tell the rest.
 *
 * `SOAK_SECONDS=600 npx jest test/survive/captures` is the long form, which holds memory against its growth, too.
 */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { makeDirectory } from '../capture/captured';
import { createClient } from '../client';
import { type Host, startHost } from '../hosts';
import { copyModel } from '../model-copy';
import { card, featureNames, goodInstance, modelDirectory, modelPath } from '../model-files';
import { findFreePort, projectDirectory } from '../processes';
import { readSample, untilSample } from '../scrape';

const soakSeconds = Number(process.env.SOAK_SECONDS ?? 3);
const callers = 8;
const [label = ''] = card.labels;
const [, secret = ''] = featureNames;
/** In no log and no capture. */
const secretValue = 7531.25;

const residentBytes = (pid: number) =>
  1024 * Number(/VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]);

function hideSecret() {
  const model = copyModel();
  model.edit<{ features: { name: string }[] }>('card.json', (written) => ({
    ...written,
    features: written.features.map((each) => (each.name === secret ? { ...each, private: true } : each)),
  }));
  return model;
}

const row = goodInstance.map((value, at) => (at === 1 ? secretValue : value));

function ask(host: Pick<Host, 'request'>, id: string, rows: number) {
  return host.request('POST', '/predict', {
    headers: { 'content-type': 'application/json', 'prediction-id': id },
    body: JSON.stringify({ instances: Array.from({ length: rows }, () => row) }),
  });
}

test('under load every row that was answered is written once, no private value is, and memory is flat', async () => {
  const own = makeDirectory();
  const model = hideSecret();
  const env = {
    CAPTURE: 'all',
    CAPTURE_TO: own.directory,
    MODEL_DIR: model.directory,
    CAPTURE_MAX_BYTES: '100000000000',
  };
  const host = await startHost('server.ts', { env });
  const answered = new Map<string, number>();
  let told = 0;
  const memory: number[] = [];
  const until = performance.now() + soakSeconds * 1000;

  async function keepAsking(caller: number): Promise<void> {
    for (let i = 0; performance.now() < until; i++) {
      const id = `${caller}-${i}`;
      const rows = i % 50 === 0 ? 300 : 1 + (i % 4);
      expect((await ask(host, id, rows)).status).toBe(200);
      answered.set(id, rows);
      if (i % 20 !== 0) continue;
      expect((await host.post(`${modelPath}:feedback`, { feedback: [{ id, label }] })).status).toBe(200);
      told++;
    }
  }

  const sampling = setInterval(() => memory.push(residentBytes(host.pid)), 500);
  await Promise.all(Array.from({ length: callers }, (_, i) => keepAsking(i)));
  clearInterval(sampling);
  expect(await host.stop()).toBe(0);

  const written = new Map<string, number>();
  let feedbacks = 0;
  for (const record of own.read()) {
    if (record.feedback !== undefined) feedbacks++;
    else written.set(record.id, (written.get(record.id) ?? 0) + record.predictions.length);
  }
  expect(answered.size).toBeGreaterThan(100);
  expect(written).toEqual(answered);
  expect(feedbacks).toBe(told);
  const everything = own.readText() + host.stdout.join('\n');
  expect(everything).not.toContain(String(secretValue));
  if (soakSeconds >= 60) {
    const quarter = Math.floor(memory.length / 4);
    const median = (values: readonly number[]) => values.toSorted((a, b) => a - b)[values.length >> 1] as number;
    expect(median(memory.slice(-quarter)) / median(memory.slice(quarter, 2 * quarter))).toBeLessThan(1.15);
  }
  own.remove();
  model.remove();
});

test('a pipe that nobody reads for a while delays no answer, and every row is written or counted as lost', async () => {
  const port = await findFreePort();
  const env = { PATH: process.env.PATH ?? '', PORT: String(port), MODEL_DIR: modelDirectory };
  const child = spawn(process.execPath, ['dist/server.js'], {
    cwd: projectDirectory,
    env: { ...env, CAPTURE: 'all', LOG_REQUESTS: 'none', LOG_FORMAT: 'json' },
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  const client = createClient(port, undefined);
  const host = client as unknown as Host;
  try {
    while (
      !(await client.request('GET', '/v2/health/ready').then(
        ({ status }) => status === 200,
        () => false,
      ))
    )
      await delay(20);
    let rows = 0;
    for (let i = 0; i < 100; i++) {
      expect((await ask(client, `pipe-${i}`, 1000)).status).toBe(200);
      rows += 1000;
    }
    await untilSample(host, (count) => count > 0, 'predict_capture_lost_rows_total', { reason: 'unwritten' });
    const pieces: Buffer[] = [];
    child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
    while ((await ask(client, 'later', 1)).status !== 200) await delay(10);
    rows += 1;
    await delay(200);
    const lost = await readSample(host, 'predict_capture_lost_rows_total', { reason: 'unwritten' });
    const captured = await readSample(host, 'predict_captured_rows_total');
    expect(lost + captured).toBe(rows);
    child.kill('SIGTERM');
    await once(child, 'close');
    const lines = Buffer.concat(pieces)
      .toString()
      .split('\n')
      .filter((line) => line.includes('"capture"'));
    const records = lines.map((line) => (JSON.parse(line) as { capture: { predictions: object[] } }).capture);
    expect(records.reduce((sum, { predictions }) => sum + predictions.length, 0)).toBe(captured);
  } finally {
    client.close();
    child.kill('SIGKILL');
  }
});

describe('a disk', () => {
  const place = makeDirectory();
  const mounted = join(place.directory, 'small');
  mkdirSync(mounted);
  let isMounted = false;
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=256k', 'none', mounted], { stdio: 'ignore' });
    isMounted = true;
  } catch {
    // Only root may.
  }
  afterAll(() => {
    if (isMounted) execFileSync('umount', [mounted]);
    rmSync(place.directory, { recursive: true });
  });

  (isMounted ? test : test.skip)(
    `that is full fails no answer, and the metric says so (needs the right to mount: ${isMounted})`,
    async () => {
      const env = { CAPTURE: 'all', CAPTURE_TO: mounted, CAPTURE_MAX_BYTES: '100000000' };
      const host = await startHost('server.ts', { env });
      let rows = 0;
      let lost = 0;
      // What waits in memory comes first.
      while (lost === 0 && rows < 2_000_000) {
        expect((await ask(host, `full-${rows}`, 5000)).status).toBe(200);
        rows += 5000;
        lost = await readSample(host, 'predict_capture_lost_rows_total', { reason: 'disk_full' });
      }
      expect(lost).toBeGreaterThan(0);
      await host.line(/Captures cannot be written/);
      expect(await host.stop()).toBe(0);
      // Whole lines only: half a line would spoil the next.
      const text = readFileSync(
        join(mounted, execFileSync('ls', [mounted]).toString().trim().split('\n')[0] as string),
        'utf8',
      );
      for (const line of text.split('\n').slice(0, -1)) JSON.parse(line);
      expect(text.endsWith('\n') || text === '').toBe(true);
    },
  );
});
