/** The sink of files: bounded on the disk and in memory, and slower than nobody. */
import { mkdirSync, readdirSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createCaptureFiles } from '../../src/capture/capture-files';
import { createFileSink } from '../../src/capture/file-sink';
import { openSink } from '../../src/capture/open-sink';
import { spawnHost } from '../processes';
import { makeDirectory } from './captured';

const own = makeDirectory();
afterAll(own.remove);

const record = (length: number) => JSON.stringify({ filler: 'x'.repeat(length) });

function failing(code: string) {
  const failure = Object.assign(new Error(`${code}: made to fail`), { code });
  return { append: () => Promise.reject(failure), deletedBytes: () => 0, close: async () => undefined };
}

test('files are closed when full, and the oldest deleted when all take too much', async () => {
  const directory = join(own.directory, 'bounded');
  mkdirSync(directory);
  writeFileSync(join(directory, 'not-ours.txt'), 'stays');
  const files = createCaptureFiles(directory, 1024 * 1024);
  for (let i = 0; i < 100; i++)
    await files.append(Buffer.from(`${JSON.stringify({ i, filler: 'x'.repeat(40_000) })}\n`));
  await files.close();
  const names = readdirSync(directory).filter((name) => name.startsWith('captures-'));
  const sizes = names.map((name) => statSync(join(directory, name)).size);
  const sum = sizes.reduce((total, size) => total + size, 0);
  expect(sum).toBeLessThanOrEqual(1024 * 1024);
  expect(sum).toBeGreaterThan(512 * 1024);
  expect(files.deletedBytes()).toBeGreaterThan(2_500_000);
  expect(readdirSync(directory)).toContain('not-ours.txt');
});

test('files take no more than they may at any time, however much is written at once and however many kinds there are', async () => {
  const directory = join(own.directory, 'strict');
  mkdirSync(directory);
  const most = 1024 * 1024;
  const both = (['ndjson', 'arrows'] as const).map((extension) =>
    createCaptureFiles(directory, most, { extension, head: Buffer.from('head'), kinds: 2 }),
  );
  for (let i = 0; i < 40; i++) {
    await both[i % 2]?.append(Buffer.alloc(i % 3 === 0 ? 400_000 : 30_000));
    const sizes = readdirSync(directory).map((name) => statSync(join(directory, name)).size);
    expect(sizes.reduce((total, size) => total + size, 0)).toBeLessThanOrEqual(most);
  }
  for (const files of both) await files.close();
});

test('what processes left that ended before they filled a file counts', async () => {
  const directory = join(own.directory, 'left');
  mkdirSync(directory);
  const nameOf = (day: number) => `captures-2026-01-${String(day).padStart(2, '0')}T00-00-00-000Z-1-0.ndjson`;
  for (let day = 1; day <= 30; day++) writeFileSync(join(directory, nameOf(day)), Buffer.alloc(100_000, 'x'));
  const files = createCaptureFiles(directory, 1024 * 1024);
  await files.append(Buffer.from('{"i":0}\n'));
  await files.close();
  const names = readdirSync(directory).sort();
  expect(names).toHaveLength(10);
  expect(names[0]).toBe(nameOf(22));
  expect(files.deletedBytes()).toBe(2_100_000);
});

test('on a full disk records wait up to a bound, and what is lost is counted with the reason', async () => {
  const sink = createFileSink('full', failing('ENOSPC'));
  expect(sink.add(record(10), 1)).toBe(true);
  await sink.close();
  expect(sink.read().lost.get('disk_full')).toBe(1);
  expect(sink.read()).toMatchObject({ writtenRows: 0, waiting: 0 });
});

test('while a disk takes nothing, memory is bounded and the end is not held up', async () => {
  const stuck = {
    append: () => new Promise<void>(() => undefined),
    deletedBytes: () => 0,
    close: async () => undefined,
  };
  const sink = createFileSink('stuck', stuck);
  let taken = 0;
  for (let i = 0; i < 100; i++) if (sink.add(record(200_000), 1)) taken++;
  expect(taken).toBe(41);
  expect(sink.read().lost.get('unwritten')).toBe(59);
  expect(sink.read().waiting).toBeLessThan(8.5 * 1024 * 1024);
  // Whoever sent it is told: refused is not lost.
  expect(sink.addAll([record(200_000), record(200_000)])).toBe(false);
  expect(sink.read().lost.get('unwritten')).toBe(59);
  await sink.close();
  expect(sink.read().lost.get('unwritten')).toBe(100);
});

test.each(['file', 'file/below'])('a path that is no directory (%s) is refused by the name of the variable', (path) => {
  writeFileSync(join(own.directory, 'file'), '');
  const settings = { share: 1, format: 'ndjson', maxBytes: 1024 * 1024 } as const;
  const open = () => openSink({ ...settings, directory: join(own.directory, path) }, []);
  expect(open).toThrow(/^CAPTURE_TO is ".+": expected "log", or a directory to read and write, got E/);
});

test('a directory that cannot be made stops the start', async () => {
  const host = await spawnHost('server', { env: { CAPTURE: 'all', CAPTURE_TO: '/proc/none/below' } });
  expect(await host.exitCode).toBe(1);
  expect(host.lines.join()).toMatch(/CAPTURE_TO is .*: expected .*log.*, or a directory to read and write, got E/);
});

test('what was accepted is written by the end', async () => {
  const directory = join(own.directory, 'ended');
  mkdirSync(directory);
  const sink = createFileSink(directory, createCaptureFiles(directory, 1024 * 1024));
  for (let i = 0; i < 1000; i++) expect(sink.add(`{"i":${i}}`, 1)).toBe(true);
  await sink.close();
  expect(sink.read()).toMatchObject({ writtenRows: 1000, waiting: 0 });
  expect(readdirSync(directory).map((name) => statSync(join(directory, name)).mode & 0o777)).toEqual([0o600]);
});
