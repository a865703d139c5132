/** Files of several servers overlap in time: whose name comes first says nothing of what happened first. */
import { execFileSync } from 'node:child_process';
import { mkdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Answered, readCaptures } from '../../../src/commands/loop/read-captures';
import { makeDirectory } from '../../capture/captured';

const model = { name: 'm', features: [] };
const at = (minute: number) => `2026-11-27T01:${String(minute).padStart(2, '0')}:00.000Z`;
const capture = (minute: number, more: object = {}) => ({
  ...{ id: 'a', time: at(minute), model: 'm', version: '1', instances: [{ x: 1 }], predictions: [{ label: 'b' }] },
  ...more,
});
const feedback = (minute: number | undefined, label: string) => ({
  ...{ id: 'a', row: 0, feedback: { label }, model: 'm' },
  ...(minute !== undefined && { time: at(minute) }),
});

async function read(...files: readonly (readonly object[])[]) {
  const { directory, remove } = makeDirectory();
  for (const [i, records] of files.entries())
    writeFileSync(join(directory, `captures-${i}.ndjson`), records.map((record) => JSON.stringify(record)).join('\n'));
  const rows: Answered[] = [];
  const counts = await readCaptures(directory, model, (answered) => void rows.push(answered));
  remove();
  return { counts, rows };
}

test('of feedback for one row the last counts, in whichever file it is', async () => {
  const early = [capture(1), feedback(9, 'last')];
  const late = [feedback(5, 'first'), feedback(7, 'second')];
  for (const files of [
    [early, late],
    [late, early],
  ]) {
    const { counts, rows } = await read(...files);
    expect(rows.map(({ truth }) => truth)).toEqual(['last']);
    expect(counts).toMatchObject({ contradicted: 1, unmatched: 0 });
  }
});

test('of feedback at one time the last line counts, and what has no time comes before', async () => {
  const lines = [capture(1), feedback(5, 'first'), feedback(5, 'second'), feedback(undefined, 'none')];
  expect((await read(lines)).rows[0]?.truth).toBe('second');
  expect((await read([capture(1), feedback(undefined, 'one'), feedback(undefined, 'two')])).rows[0]?.truth).toBe('two');
});

test('feedback belongs to the first capture with its id, in whichever file it is', async () => {
  const files = [[capture(6, { version: '2' })], [feedback(8, 'b'), capture(2), capture(4)]];
  for (const order of [files, [...files].reverse()]) {
    const { rows } = await read(...order);
    const told = rows.filter(({ truth }) => truth !== undefined);
    expect(told).toMatchObject([{ version: '1', time: at(2), isRepeat: false }]);
    expect(rows.filter(({ isRepeat }) => isRepeat)).toHaveLength(2);
  }
});

test('of captures at one time, one has the feedback', async () => {
  const { rows } = await read([capture(1), capture(1), feedback(2, 'b')]);
  expect(rows.map(({ truth, isRepeat }) => [truth, isRepeat])).toEqual([
    ['b', false],
    [undefined, true],
  ]);
});

describe('a directory of a server that runs', () => {
  const lines = (...ids: readonly string[]) => ids.map((id) => JSON.stringify(capture(1, { id }))).join('\n');

  test('may lose files while it is read', async () => {
    const { directory, remove } = makeDirectory();
    const paths = ['0', '1', '2'].map((name) => join(directory, `${name}.ndjson`));
    for (const [i, path] of paths.entries()) writeFileSync(path, lines(`a${i}`, `b${i}`));
    writeFileSync(join(directory, '3.ndjson'), JSON.stringify(feedback(2, 'b')));
    const ids: string[] = [];
    const counts = await readCaptures(directory, model, ({ id }) => {
      ids.push(id);
      rmSync(paths[1] as string, { force: true });
    });
    remove();
    expect(ids).toEqual(['a0', 'b0', 'a2', 'b2']);
    expect(counts).toMatchObject({ rows: 4, goneFiles: 1, unreadable: 0 });
  });

  test('may have a link that leads nowhere', async () => {
    const { directory, remove } = makeDirectory();
    writeFileSync(join(directory, '0.ndjson'), lines('a'));
    symlinkSync('nowhere', join(directory, '1.ndjson'));
    const counts = await readCaptures(directory, model, () => undefined);
    remove();
    expect(counts).toMatchObject({ rows: 1, goneFiles: 1 });
  });

  test.each<[string, (path: string) => unknown]>([
    ['a directory', (path) => mkdirSync(path)],
    ['a pipe, which would be waited for', (path) => execFileSync('mkfifo', [path])],
    ['a device, which would be read without end', (path) => symlinkSync('/dev/zero', path)],
  ])('has no captures in what is no file: %s', async (_, make) => {
    const { directory, remove } = makeDirectory();
    writeFileSync(join(directory, '0.ndjson'), lines('a'));
    make(join(directory, '1.ndjson'));
    await expect(readCaptures(directory, model, () => undefined)).rejects.toThrow(
      /1\.ndjson is no file: expected files/,
    );
    remove();
  });
});
