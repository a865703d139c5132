/** Figures that a guide repeats are those of the generated table. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectDirectory } from '../processes';

const read = (path: string) => readFileSync(join(projectDirectory, path), 'utf8');
const toNumber = (cell = '') => Number(cell.replaceAll(' ', ''));
const cellsOf = (line = '') => line.split('|').map((cell) => cell.trim());

test('batch engines are compared with the measured endpoint', () => {
  const table = read('docs/explanation/benchmarks.md').split('| rows per request; start |')[1] ?? '';
  const measured = cellsOf(/^\| \*\*this function\*\* on its own host.*$/m.exec(table)?.[0]);
  const [rows, startMs] = [toNumber(measured[3]), toNumber(measured[5])];
  const guide = read('docs/guides/batch-engines.md');
  const [, , , start, speed] = cellsOf(/^\| this endpoint .*$/m.exec(guide)?.[0]);
  const endpoint = toNumber(speed);
  expect(endpoint).toBe(Number(rows.toPrecision(2)));
  expect(start).toBe(`${(startMs / 1000).toFixed(2)} s`);

  const [, , , sparkStart = '', sparkSpeed] = cellsOf(/^\| Spark,.*$/m.exec(guide)?.[0]);
  const [seconds, worker] = [Number.parseFloat(sparkStart), toNumber(sparkSpeed)];
  const overtakes = seconds / (1 / endpoint - 1 / (64 * worker));
  expect(guide).toContain(`With 64 cores of Spark that is ${(overtakes / 1e6).toFixed(1)} million rows`);
  expect(guide).toContain(`with ${Math.floor(endpoint / worker)} it never does`);
});
