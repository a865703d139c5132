/** The structure that the contributors' rules promise, read from the sources themselves. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { card } from './model-files';
import { projectDirectory } from './processes';

const root = join(projectDirectory, 'src');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => path.endsWith('.ts'));
const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));

interface Import {
  readonly from: string;
  readonly isTypeOnly: boolean;
}

/** Imports of a file: packages by name, own files by their path below src/. */
function importsOf(file: string): Import[] {
  const statements = (texts.get(file) ?? '').matchAll(
    /^(import|export) (type )?[^;]*?from '([^']+)'|require\('([^']+)'\)/gm,
  );
  return [...statements].map(([, , type, imported, required]) => {
    const name = imported ?? required ?? '';
    const path = relative(root, join(root, dirname(file), name));
    const from = name.startsWith('.') ? path.replace(/(\.json)?$/, (json) => json || '.ts') : name;
    return { from, isTypeOnly: type !== undefined };
  });
}

function importersOf(name: RegExp): string[] {
  return files.filter((file) => importsOf(file).some(({ from }) => name.test(from))).sort();
}

/** Each layer may import itself and those below; every other file is in the lowest. */
const layers = [
  /^(index|server|(build|model-command)\/.+)\.ts$/,
  /^http\/(host|listener|fallback|takeover|drain)\.ts$/,
  /^app\.ts$/,
  /^routes\.ts$/,
  /^(protocols|documents)\//,
  /^explanation\//,
  /^telemetry\/(telemetry|version-counts|predictions|drift|training-bins)\.ts$/,
  /^candidate\//,
  /^model\/model\.ts$/,
  /^model\/(acceptance|batcher|delivery|row-by-row|row-independence|made-up-rows|engine|threads?|golden|contract|session|prediction|samples|validators|training-ranges)\.ts$/,
  /^model\/(compile|forms|fill|faults|schemas|(card|feature|tensor)-rules|tensor-(feature|text)|labels|explained|fair-queue|band)\.ts$/,
  /^model\/(card|card-schema|tensors|elements|outputs|differences|decimal|job|waiting|row-estimate|thread-memory|weights|onnx-contents|protobuf|pace|back-off|refusal)\.ts$/,
];

function layerOf(file: string): number {
  const layer = layers.findIndex((pattern) => pattern.test(file));
  return layer === -1 ? layers.length : layer;
}

/** Files that run because a file is loaded. */
function reachedFrom(file: string, reached = new Set<string>()): Set<string> {
  for (const { from, isTypeOnly } of importsOf(file)) {
    if (isTypeOnly || reached.has(from)) continue;
    reachedFrom(from, reached.add(from));
  }
  return reached;
}

describe('the sources', () => {
  test('import each of the large packages in one place', () => {
    expect(importersOf(/^onnxruntime-node/)).toEqual(['model/session.ts']);
    expect(importersOf(/^ajv/)).toEqual(['model/compile.ts']);
    expect(importersOf(/functions-framework/)).toEqual(['index.ts']);
  });

  test('read the environment in config.ts only', () => {
    const readers = files.filter((file) => /process\.env(?!\.ORT_DISABLE_TELEMETRY = )/.test(texts.get(file) ?? ''));
    expect(readers.filter((file) => !/^(build|model-command)\//.test(file))).toEqual(['config.ts']);
  });

  test.each(files)('%s imports nothing from a layer above', (file) => {
    const above = importsOf(file).filter(({ from, isTypeOnly }) => !isTypeOnly && layerOf(from) < layerOf(file));
    expect(above).toEqual([]);
  });

  test('import only files that are there, so that nothing escapes these rules', () => {
    const own = files.flatMap(importsOf).filter(({ from }) => from.endsWith('.ts'));
    expect(own.length).toBeGreaterThan(files.length);
    expect(own.filter(({ from }) => !files.includes(from))).toEqual([]);
  });

  test('never import themselves in a circle', () => {
    expect(files.filter((file) => reachedFrom(file).has(file))).toEqual([]);
  });

  test('have leaves that import nothing of ours', () => {
    for (const leaf of ['problem.ts', 'config.ts', 'telemetry/escape.ts']) {
      expect(importsOf(leaf).filter(({ from }) => from.endsWith('.ts'))).toEqual([]);
    }
  });

  test.each(files)('%s opens with a sentence and keeps to 200 lines', (file) => {
    const text = texts.get(file) ?? '';
    expect(text).toMatch(/^\/\*\*\s/);
    expect(text.split('\n').length).toBeLessThanOrEqual(200);
  });

  test('know nothing of the model', () => {
    const words = [card.name, ...card.labels, ...card.features.map(({ name }) => name), 'cm'];
    const pattern = new RegExp(`\\b(${words.join('|')})\\b`, 'i');
    expect(files.filter((file) => pattern.test(texts.get(file) ?? ''))).toEqual([]);
  });
});
