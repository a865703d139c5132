/** The file of an export is whole or not there, is replaced only when told, and is written in memory of one size. */
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { card, modelDirectory } from '../../model-files';
import { projectDirectory } from '../../processes';
import { capture, makeExport, named, prediction, usual } from './exported';
import { runLoop } from './loop-command';
import { readParquet } from './read-parquet';

const { directory, captures, out, writeCaptures, exportTo, leftBeside, remove } = makeExport();
afterAll(remove);

test('a file that is there is replaced only when told', () => {
  writeCaptures([capture('a', [named])]);
  writeFileSync(out, 'precious');
  expect(exportTo()).toMatchObject({
    status: 2,
    stderr: `${out} exists; use --force to replace it.\n`,
  });
  expect(readFileSync(out, 'utf8')).toBe('precious');
  expect(exportTo(modelDirectory, '--force').status).toBe(0);
  expect(readParquet(out).rows).toEqual([usual]);
});

test('what is no file is never replaced: a pipe, or a device such as /dev/null', () => {
  const pipe = join(directory, 'pipe');
  execFileSync('mkfifo', [pipe]);
  expect(runLoop('export', captures, '--out', pipe, '--model', modelDirectory, '--force')).toMatchObject({
    status: 2,
    stderr: `${pipe} is a device or a pipe: expected a file.\n`,
  });
  expect(statSync(pipe).isFIFO()).toBe(true);
});

test('nothing is left of a file that could not be written, and what was there stays', () => {
  writeFileSync(out, 'precious');
  const empty = join(directory, 'empty');
  mkdirSync(empty);
  const { status, stderr } = runLoop('export', empty, '--out', out, '--model', modelDirectory, '--force');
  expect([status, stderr]).toEqual([2, expect.stringContaining('Expected files *.ndjson or *.arrows of captures')]);
  expect([readFileSync(out, 'utf8'), leftBeside()]).toEqual(['precious', []]);
  expect(runLoop('export', captures)).toMatchObject({
    status: 2,
    stderr: 'export writes a file: expected --out=FILE.parquet.\n',
  });
});

describe('many rows', () => {
  const many = 120_000;
  beforeAll(() => {
    const instances = JSON.stringify(Array.from({ length: 100 }, () => named));
    const predictions = JSON.stringify(Array.from({ length: 100 }, () => prediction));
    const head = `"time":"${usual.time}","model":"${card.name}","version":"1","instances":${instances},"predictions":${predictions}`;
    writeCaptures(Array.from({ length: many / 100 }, (_, i) => `{"id":"${i}",${head}}`));
  });

  test('are written in groups that fit into memory, in their order', () => {
    const words = [
      '--max-old-space-size=128',
      'dist/commands/loop/main.js',
      'export',
      captures,
      '--out',
      out,
      '--force',
    ];
    execFileSync(process.execPath, [...words, '--model', modelDirectory], { cwd: projectDirectory });
    const { groups, rows } = readParquet(out);
    expect(groups).toBeGreaterThan(1);
    expect(rows).toHaveLength(many);
    expect(rows.findIndex(({ id, row: place }, i) => id !== String(Math.floor(i / 100)) || place !== i % 100)).toBe(-1);
  });

  test('leave nothing beside the file when the disk takes no more', () => {
    writeFileSync(out, 'precious');
    const command = 'trap "" XFSZ; ulimit -f 8; exec "$0" dist/commands/loop/main.js "$@"';
    const words = ['export', captures, '--out', out, '--force', '--model', modelDirectory];
    const { status, stderr } = spawnSync('bash', ['-c', command, process.execPath, ...words], {
      cwd: projectDirectory,
      encoding: 'utf8',
    });
    expect([status, stderr]).toEqual([1, expect.stringMatching(/^EFBIG: /)]);
    expect([readFileSync(out, 'utf8'), leftBeside()]).toEqual(['precious', []]);
  });

  test('leave nothing beside the file when the export is ended', async () => {
    const words = [
      'dist/commands/loop/main.js',
      'export',
      captures,
      '--out',
      out,
      '--force',
      '--model',
      modelDirectory,
    ];
    writeFileSync(out, 'precious');
    const child = spawn(process.execPath, words, { cwd: projectDirectory, stdio: 'ignore' });
    const ended = once(child, 'exit');
    while (leftBeside().length === 0) await delay(5);
    child.kill('SIGTERM');
    expect(await ended).toEqual([143, null]);
    expect([readFileSync(out, 'utf8'), leftBeside()]).toEqual(['precious', []]);
  });
});
