/** Captures where nothing can be written: answers go on, and metrics tell what was lost, and why. */
import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { readCaptures } from '../../src/commands/loop/read-captures';
import { makeDirectory } from '../capture/captured';
import { createClient } from '../client';
import { type Host, startHost } from '../hosts';
import { card, goodInstance, modelDirectory, modelPath } from '../model-files';
import { findFreePort, projectDirectory } from '../processes';
import { readSample, untilSample } from '../scrape';

const [label = ''] = card.labels;

function ask(host: Pick<Host, 'request'>, id: string, rows: number) {
  return host.request('POST', '/predict', {
    headers: { 'content-type': 'application/json', 'prediction-id': id },
    body: JSON.stringify({ instances: Array.from({ length: rows }, () => goodInstance) }),
  });
}

/** Asks until the metric says that rows were lost; what waits in memory comes first. Gives the rows that were answered. */
async function askUntilLost(host: Host, reason: string): Promise<number> {
  for (let rows = 5000; rows < 2_000_000; rows += 5000) {
    expect((await ask(host, `lost-${rows}`, 5000)).status).toBe(200);
    if ((await readSample(host, 'predict_capture_lost_rows_total', { reason })) > 0) return rows;
  }
  throw new Error(`No row was lost as ${reason}.`);
}

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

test('rows whose log lines are dropped are lost, not captured', async () => {
  const through = ['/bin/sh', '-c', 'exec "$0" "$@" > /dev/full'];
  const host = await startHost('server.ts', { through, env: { CAPTURE: 'all' } });
  for (let i = 0; i < 3; i++) expect((await ask(host, `full-${i}`, 1000)).status).toBe(200);
  await untilSample(host, (count) => count === 3000, 'predict_capture_lost_rows_total', { reason: 'unwritten' });
  expect(await readSample(host, 'predict_captured_rows_total')).toBe(0);
  await host.stop();
});

test('a directory that vanishes for good fails no answer, and what is lost is told by its reason', async () => {
  const own = makeDirectory();
  const host = await startHost('server.ts', { env: { CAPTURE: 'all', CAPTURE_TO: own.directory } });
  expect((await ask(host, 'before', 1)).status).toBe(200);
  await untilSample(host, (count) => count === 1, 'predict_captured_rows_total');
  own.remove();
  const rows = await askUntilLost(host, 'directory_gone');
  await host.line(/Captures cannot be written/);
  // Feedback that nobody will ever read is not accepted.
  const feedback = Array.from({ length: 10_000 }, (_, place) => ({ id: 'before', row: place, label }));
  const refused = await host.post(`${modelPath}:feedback`, { feedback });
  expect([refused.status, refused.headers['retry-after']]).toEqual([429, '1']);
  expect(await readSample(host, 'predict_captured_rows_total')).toBe(1);
  expect(await host.stop()).toBe(0);
  await host.line(/captured rows could not be written to .* and are lost/);
  expect(rows).toBeGreaterThan(0);
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

  (isMounted ? test.each : test.skip.each)(['ndjson', 'arrow'])(
    `that is full fails no answer, and the metric says so: %s (needs the right to mount: ${isMounted})`,
    async (format) => {
      const env = { CAPTURE: 'all', CAPTURE_TO: mounted, CAPTURE_MAX_BYTES: '100000000', CAPTURE_FORMAT: format };
      const host = await startHost('server.ts', { env });
      await askUntilLost(host, 'disk_full');
      await host.line(/Captures cannot be written/);
      const written = await readSample(host, 'predict_captured_rows_total');
      expect(await host.stop()).toBe(0);
      // Whole records only: half a one would spoil the next.
      const { rows, unreadable, brokenFiles } = await readCaptures(
        mounted,
        { name: card.name, features: [] },
        () => undefined,
      );
      expect([rows, unreadable, brokenFiles]).toEqual([written, 0, 0]);
      for (const name of readdirSync(mounted)) rmSync(join(mounted, name));
    },
  );
});

describe('a disk that stops', () => {
  const place = makeDirectory();
  const mounted = join(place.directory, 'frozen');
  mkdirSync(mounted);
  let isMounted = false;
  try {
    const image = join(place.directory, 'image');
    execFileSync('truncate', ['-s', '64M', image]);
    execFileSync('mkfs.ext4', ['-q', image], { stdio: 'ignore' });
    execFileSync('mount', ['-o', 'loop', image, mounted], { stdio: 'ignore' });
    isMounted = true;
  } catch {
    // Only root may, and not in every container.
  }
  afterAll(() => {
    if (isMounted) execFileSync('umount', [mounted]);
    rmSync(place.directory, { recursive: true });
  });

  (isMounted ? test : test.skip)(
    `delays no answer, and loses only what memory does not hold (needs the right to mount: ${isMounted})`,
    async () => {
      const directory = join(mounted, 'captures');
      const env = { CAPTURE: 'all', CAPTURE_TO: directory, CAPTURE_MAX_BYTES: '1000000000' };
      const host = await startHost('server.ts', { env });
      expect((await ask(host, 'before', 1)).status).toBe(200);
      await untilSample(host, (count) => count === 1, 'predict_captured_rows_total');
      // A write waits in the kernel until it is thawed, and nothing ends it.
      execFileSync('fsfreeze', ['--freeze', mounted]);
      let rows = 1;
      try {
        rows += await askUntilLost(host, 'unwritten');
        expect(await readSample(host, 'predict_captured_rows_total')).toBe(1);
        const askedAt = performance.now();
        expect((await ask(host, 'meanwhile', 1)).status).toBe(200);
        expect(performance.now() - askedAt).toBeLessThan(1000);
      } finally {
        execFileSync('fsfreeze', ['--unfreeze', mounted]);
      }
      await untilSample(host, (count) => count > 1, 'predict_captured_rows_total');
      expect((await ask(host, 'after', 1)).status).toBe(200);
      const lost = await readSample(host, 'predict_capture_lost_rows_total', { reason: 'unwritten' });
      await host.stop();
      const lines = readdirSync(directory).flatMap((name) =>
        readFileSync(join(directory, name), 'utf8').trimEnd().split('\n'),
      );
      const records = lines.map((line) => JSON.parse(line) as { id: string; predictions: object[] });
      const written = records.reduce((sum, { predictions }) => sum + predictions.length, 0);
      expect(records.map(({ id }) => id)).toEqual(expect.arrayContaining(['before', 'after']));
      expect(written).toBe(rows + 2 - lost);
    },
  );
});
