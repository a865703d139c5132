/** The comparison says what was measured: document and charts follow from the record, and the tool still measures. */
import { execFile } from 'node:child_process';
import { cpSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { projectDirectory } from './processes';

const run = promisify(execFile);
const published = join(projectDirectory, 'docs');
const directory = mkdtempSync(join(tmpdir(), 'comparison-'));
const recordFile = 'comparison.json';
/** Builds a tree of a deploy and starts each host some ten times. */

interface Contender {
  readonly id: string;
  readonly title: string;
}

interface ComparisonRecord {
  readonly machine: Readonly<Record<string, unknown>>;
  readonly plan: Readonly<Record<string, unknown>>;
  readonly contenders: readonly Contender[];
}

afterAll(() => rmSync(directory, { recursive: true }));

function compare(options: readonly string[], env = process.env): Promise<unknown> {
  const program = join(projectDirectory, 'docs/compare/compare.mjs');
  return run(process.execPath, [program, ...options], { cwd: projectDirectory, env });
}

function makeDirectory(name: string): string {
  const path = join(directory, name);
  mkdirSync(path);
  return path;
}

function readRecord(from: string): ComparisonRecord {
  return JSON.parse(readFileSync(join(from, recordFile), 'utf8')) as ComparisonRecord;
}

function readDrawn(from: string): Readonly<Record<string, string>> {
  const names = readdirSync(from).filter((name) => name.startsWith('comparison'));
  return Object.fromEntries(names.map((name) => [name, readFileSync(join(from, name), 'utf8')]));
}

/** The same value with every number in it multiplied. */
function scaled(value: unknown, factor: number): unknown {
  if (typeof value === 'number') return Number((value * factor).toPrecision(4));
  if (Array.isArray(value)) return value.map((each) => scaled(each, factor));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([name, each]) => [name, scaled(each, factor)]));
}

/** Numbers of the sentences that say what the figures mean, without those in words such as p50. */
function figuresOf(document: string): readonly string[] {
  const [, sentences = ''] = /\n## In short\n([^#]*)/.exec(document) ?? [];
  return sentences.match(/(?<![a-z\d])\$?\d+(?:[ .]\d+)*(?:e-\d+)?/g) ?? [];
}

function leavesOf(value: unknown): readonly unknown[] {
  return typeof value === 'object' && value !== null ? Object.values(value).flatMap(leavesOf) : [value];
}

describe('the comparison', () => {
  test('is drawn from its record: the document and every chart, to the byte', async () => {
    const to = makeDirectory('drawn');
    cpSync(join(published, recordFile), join(to, recordFile));
    await compare(['--draw', `--to=${to}`]);
    expect(readDrawn(to)).toEqual(readDrawn(published));
  });

  test('has no sentence with a figure that the record does not give', async () => {
    const to = makeDirectory('scaled');
    const record = readRecord(published);
    // Far apart, so that steps in which time is billed change as well.
    const contenders = record.contenders.map((contender, i) => scaled(contender, 1_300 + 170 * i));
    writeFileSync(join(to, recordFile), JSON.stringify({ ...record, contenders }));
    await compare(['--draw', `--to=${to}`]);
    const before = figuresOf(readDrawn(published)['comparison.md'] ?? '');
    const after = figuresOf(readDrawn(to)['comparison.md'] ?? '');
    expect(before.length).toBeGreaterThan(10);
    expect(after).toHaveLength(before.length);
    // The fee for a million requests is an input, whatever was measured, and so is what it alone leaves of a dollar.
    const ofTheFee = ['$0.40', '2 500 000'];
    const unchanged = before.filter((figure, i) => figure === after[i]);
    expect(unchanged).toContain('$0.40');
    expect(unchanged.filter((figure) => !ofTheFee.includes(figure))).toEqual([]);
  });

  test('measures every figure of both hosts in its quick mode', async () => {
    const to = makeDirectory('quick');
    // Where no Python environment is: the peers are left out.
    await compare(['--quick', `--to=${to}`], { ...process.env, XDG_CACHE_HOME: to });
    const { contenders, machine } = readRecord(to);
    const [whole] = readRecord(published).contenders;
    expect(contenders.map(({ id }) => id)).toEqual(['function', 'server']);
    expect(machine).toMatchObject({ isQuick: true });
    for (const contender of contenders) {
      expect(Object.keys(contender)).toEqual(Object.keys(whole ?? {}));
      const { id, title, ...figures } = contender;
      const wrong = leavesOf(figures).filter((leaf) => typeof leaf !== 'number' || !(leaf > 0));
      expect({ id, title, wrong }).toEqual({ id, title, wrong: [] });
    }
    expect(Object.keys(readDrawn(to))).toEqual(Object.keys(readDrawn(published)));
    expect(readDrawn(to)['comparison.md']).not.toMatch(/undefined|NaN|Infinity/);
  });
});
