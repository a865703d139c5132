/** The structure that the contributors' rules promise, read from the sources themselves. */
import { readdirSync, readFileSync } from 'node:fs';
import { dirname, join, relative } from 'node:path';
import { card } from './model-files';
import { projectDirectory } from './processes';

const root = join(projectDirectory, 'src');
const files = readdirSync(root, { recursive: true, encoding: 'utf8' }).filter((path) => /\.(ts|cjs)$/.test(path));
const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));

/** Imports of a file, those of types among them: packages by name, own files by their path below src/. */
function importsOf(file: string): string[] {
  const statements = (texts.get(file) ?? '').matchAll(/^(?:import|export) [^;]*?from '([^']+)'|require\('([^']+)'\)/gm);
  return [...statements].map(([, imported, required]) => {
    const name = imported ?? required ?? '';
    const path = relative(root, join(root, dirname(file), name));
    return name.startsWith('.') ? path.replace(/(\.json|\.cjs)?$/, (end) => end || '.ts') : name;
  });
}

function importersOf(name: RegExp): string[] {
  return files.filter((file) => importsOf(file).some((from) => name.test(from))).sort();
}

/**
 * The layers are folders, the highest first: a file may import its own folder and those below.
 *
 * A folder without an entry of its own belongs to the one around it. Of the files beside the folders, leaves import nothing but
 * leaves, and everybody may import them; the others start a process, and nobody imports them.
 */
const layers = [
  'playground',
  'commands',
  'host',
  'app',
  'documents',
  'documents/playground',
  'protocols',
  'protocols/shared',
  'openapi',
  'telemetry',
  'telemetry/otlp',
  'telemetry/drift',
  'telemetry/metrics',
  'capture',
  'telemetry/log',
  'grpc',
  'http',
  'serving',
  'serving/explanation',
  'model',
  'model/acceptance',
  'model/hooks',
  'model/runtime',
  'model/batching',
  'model/weights',
  'model/instances',
  'model/tokens',
  'model/predictions',
  'model/card',
  'model/tensors',
  'arrow',
  'json',
  'protobuf',
];

const isBesideFolders = (file: string) => !file.includes('/');

function isLeaf(file: string): boolean {
  return isBesideFolders(file) && ownImportsOf(file).every(isLeaf);
}

/** Place of a file among the layers: leaves lie below all of them, what starts a process above. */
function layerOf(file: string): number {
  if (isBesideFolders(file)) return isLeaf(file) ? layers.length : -1;
  const within = layers.filter((layer) => file.startsWith(`${layer}/`)).sort((a, b) => b.length - a.length);
  return layers.indexOf(within[0] ?? '');
}

function ownImportsOf(file: string): readonly string[] {
  return importsOf(file).filter((from) => from.endsWith('.ts'));
}

/** What an import leads to, types included, and what that imports. */
function reachedFrom<Place>(place: Place, next: (place: Place) => readonly Place[], reached = new Set<Place>()) {
  for (const to of next(place)) {
    if (!reached.has(to)) reachedFrom(to, next, reached.add(to));
  }
  return reached;
}

const folders = [...new Set(files.filter((file) => !isBesideFolders(file)).map((file) => dirname(file)))];

function foldersImportedBy(folder: string): readonly string[] {
  const own = files.filter((file) => dirname(file) === folder).flatMap(ownImportsOf);
  return own.filter((file) => !isBesideFolders(file) && dirname(file) !== folder).map((file) => dirname(file));
}

/** The only file that opens the runtime. */
const runtimeUser = 'model/runtime/session.ts';

describe('the sources', () => {
  test('import each of the large packages in one place', () => {
    expect(importersOf(/^onnxruntime-node/)).toEqual([runtimeUser]);
    expect(importersOf(/^ajv/)).toEqual(['model/instances/compile.ts']);
    expect(importersOf(/functions-framework/)).toEqual(['index.ts']);
  });

  test('read the environment in config.ts only', () => {
    const readers = files.filter((file) => /process\.env(?!\.ORT_DISABLE_TELEMETRY = )/.test(texts.get(file) ?? ''));
    expect(readers.filter((file) => !file.startsWith('commands/'))).toEqual(['config.ts']);
  });

  test('lie in a layer each', () => {
    expect(files.filter((file) => layerOf(file) === -1 && !isBesideFolders(file))).toEqual([]);
  });

  test.each(files)('%s imports nothing from a layer above, not even a type', (file) => {
    expect(ownImportsOf(file).filter((from) => layerOf(from) < layerOf(file))).toEqual([]);
  });

  test.each(folders)('%s is not imported by what it imports', (folder) => {
    expect(reachedFrom(folder, foldersImportedBy).has(folder)).toBe(false);
  });

  test.each(files)('%s does not import itself by way of others', (file) => {
    expect(reachedFrom(file, ownImportsOf).has(file)).toBe(false);
  });

  test('of one protocol know no other', () => {
    const rooms = folders.filter((folder) => dirname(folder) === 'protocols' && folder !== 'protocols/shared');
    const others = rooms.flatMap((room) => foldersImportedBy(room).filter((folder) => rooms.includes(folder)));
    expect(rooms.length).toBeGreaterThan(3);
    expect(others).toEqual([]);
  });

  test('know HTTP in no layer below it', () => {
    const below = files.filter((file) => layerOf(file) > layers.indexOf('http'));
    const words = /node:http|content-type|retry-after|HttpReply|HttpRequest/;
    expect(below.filter((file) => words.test(texts.get(file) ?? ''))).toEqual([]);
  });

  test('load late in one way, with the reason beside it; the runtime sets a variable first', () => {
    const lines = files
      .filter((file) => !file.startsWith('commands/') && file !== runtimeUser)
      .flatMap((file) => (texts.get(file) ?? '').split('\n').filter((line) => line.includes("require('")));
    const form = /^const load[A-Z]\w+ = \(\) => require\('[^']+'\) as typeof import\('[^']+'\);$/;
    expect(lines.filter((line) => !form.test(line))).toEqual([]);
  });

  test('import only files that are there, so that nothing escapes these rules', () => {
    const own = files.flatMap(ownImportsOf);
    expect(own.length).toBeGreaterThan(files.length);
    expect(own.filter((from) => !files.includes(from))).toEqual([]);
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
