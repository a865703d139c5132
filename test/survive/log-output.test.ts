/** A log that cannot be written, or that nobody reads, costs lines and nothing else. */
import { execFileSync } from 'node:child_process';
import { closeSync, constants, mkdtempSync, openSync, rmSync } from 'node:fs';
import { Socket } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { type Host, type ProcessKind, processKinds, startHost } from '../hosts';
import { readSample } from '../scrape';

/** The framework writes in place of Node when it is to add an id to each line. */
const environments = (kind: ProcessKind) => (kind === 'server.ts' ? [{}] : [{}, { LOG_EXECUTION_ID: 'true' }]);
const droppedLines = 'predict_log_lines_dropped_total';
const notice = /Log lines are being dropped/;
/** A line of two kilobytes. */
const longPath = `/${'x'.repeat(2000)}`;

let directory = '';
beforeEach(() => {
  directory = mkdtempSync(join(tmpdir(), 'log-'));
});
afterEach(() => rmSync(directory, { recursive: true }));

function startWithLog(kind: ProcessKind, log: string, env: Readonly<Record<string, string>>): Promise<Host> {
  return startHost(kind, { through: ['/bin/sh', '-c', `exec "$0" "$@" > '${log}'`], env });
}

/** A pipe with this test as its reader, which reads nothing yet. */
function openPipe(): { readonly path: string; readonly reader: number } {
  const path = join(directory, 'pipe');
  execFileSync('mkfifo', [path]);
  return { path, reader: openSync(path, constants.O_RDONLY | constants.O_NONBLOCK) };
}

async function ask(host: Host, times: number): Promise<void> {
  const statuses = new Set<number>();
  for (let i = 0; i < times; i++) statuses.add((await host.request('GET', longPath)).status);
  expect([...statuses]).toEqual([404]);
}

async function expectDropped(host: Host, reason: string): Promise<void> {
  expect(await readSample(host, droppedLines, { reason })).toBeGreaterThan(0);
  expect(host.stdout.filter((line) => notice.test(line))).toHaveLength(1);
}

describe.each(processKinds.flatMap((kind) => environments(kind).map((env) => ({ kind, env }))))(
  '$kind, $env',
  ({ kind, env }) => {
    test('goes on when the disk of its log is full, says so once and counts the lines', async () => {
      const host = await startWithLog(kind, '/dev/full', env);
      await ask(host, 50);
      await expectDropped(host, 'disk_full');
      await host.stop();
    });

    test('goes on when the reader of its log has gone', async () => {
      const { path, reader } = openPipe();
      const host = await startWithLog(kind, path, env);
      await ask(host, 1);
      closeSync(reader);
      await ask(host, 50);
      await expectDropped(host, 'reader_gone');
      await host.stop();
    });

    test('keeps a bounded number of lines for a reader that does not read, and tells it how many are missing', async () => {
      const { path, reader } = openPipe();
      const host = await startWithLog(kind, path, env);
      for (let dropped = 0; dropped < 100; dropped = await readSample(host, droppedLines, { reason: 'unread' }))
        await ask(host, 50);
      await expectDropped(host, 'unread');
      const lines = createInterface(new Socket({ fd: reader, writable: false }));
      const missing = new Promise((resolve) => {
        lines.on('line', (line) => /\d+ log lines before this one were dropped/.test(line) && resolve(line));
      });
      await missing;
      await host.stop();
    });
  },
);
