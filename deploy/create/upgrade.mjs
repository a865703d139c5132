/** Brings a project up to this version: prints what would change, and with --write changes what its owner has not. */
import { existsSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';
import { readOptions, UsageError } from '../../src/commands/command-line.cjs';
import { compareFiles } from './difference.mjs';
import { hashOf, manifestName, readManifest, readVersion, writeManifest } from './manifest.mjs';
import { createTemplate } from './template.mjs';

/** @typedef {'add' | 'replace' | 'remove' | 'merge'} Step merge: both have changed it */
/** @typedef {{ readonly path: string, readonly step: Step, readonly own?: Buffer | undefined, readonly wanted?: import('./template.mjs').TemplateFile | undefined }} Change */

/** @param {readonly string[]} words */
export function upgrade(words) {
  const options = /** @type {const} */ ({ write: { type: 'boolean', default: false } });
  const { values, positionals } = readOptions({ args: [...words], options }, '[DIRECTORY]');
  const directory = resolve(positionals[0] ?? '.');
  const manifest = readManifest(directory);
  if (manifest === undefined)
    throw new UsageError(
      `Expected the directory of a project, with its ${manifestName}; there is none in ${directory}.`,
    );
  requireEarlier(manifest.version);
  const template = createTemplate(manifest.answers);
  const changes = findChanges(directory, manifest, template);
  if (changes.length === 0) {
    console.log(`Nothing to change: the files of the package are those of ${readVersion()}.`);
    if (values.write) record(directory, manifest.answers, template);
    return;
  }
  if (!values.write) printDifferences(changes);
  else {
    for (const change of changes) apply(directory, change);
    record(directory, manifest.answers, template);
  }
  console.log(summarize(changes, manifest.version, values.write).join('\n'));
}

/**
 * A tarball that lies around would take back what a later one has brought.
 * @param {string} version of the project
 */
function requireEarlier(version) {
  const own = readVersion();
  // Of previews only the version that they lead to counts.
  const [from = '', to = ''] = [version, own].map((each) => each.split('-')[0]);
  if (from.localeCompare(to, 'en', { numeric: true }) <= 0) return;
  throw new UsageError(
    `The project is of ${version}, and this is ${own}: expected the tarball of ${version} or a later one.`,
  );
}

/**
 * @param {string} directory
 * @param {import('./manifest.mjs').Manifest} manifest
 * @param {ReadonlyMap<string, import('./template.mjs').TemplateFile>} template
 * @returns {Change[]}
 */
function findChanges(directory, { files }, template) {
  const paths = new Set([...Object.keys(files), ...template.keys()]);
  return [...paths].sort().flatMap((path) => {
    const place = join(directory, path);
    const own = existsSync(place) ? readFileSync(place) : undefined;
    const wanted = template.get(path);
    const step = toStep(files[path], own && hashOf(own), wanted && hashOf(wanted.bytes));
    return step === undefined ? [] : [{ path, step, own, wanted }];
  });
}

/**
 * What to do about a file, by the hashes of what was made, what is there, and what this version makes; undefined is no file.
 * @param {string} [made]
 * @param {string} [own]
 * @param {string} [wanted]
 * @returns {Step | undefined}
 */
function toStep(made, own, wanted) {
  if (own === wanted || made === wanted) return undefined;
  if (own === made) return wanted === undefined ? 'remove' : own === undefined ? 'add' : 'replace';
  // Deleted by its owner, or changed: a file that this version no longer has stays with whoever changed it.
  return own === undefined || wanted === undefined ? undefined : 'merge';
}

/**
 * @param {string} directory
 * @param {Change} change
 */
function apply(directory, { path, step, wanted }) {
  const place = join(directory, path);
  if (step === 'remove' || wanted === undefined) return rmSync(place, { force: true });
  mkdirSync(dirname(place), { recursive: true });
  writeFileSync(step === 'merge' ? `${place}.new` : place, wanted.bytes, { mode: wanted.isProgram ? 0o755 : 0o644 });
}

/**
 * @param {string} directory
 * @param {import('./template.mjs').Answers} answers
 * @param {ReadonlyMap<string, import('./template.mjs').TemplateFile>} template
 */
function record(directory, answers, template) {
  writeManifest(
    directory,
    answers,
    Object.fromEntries([...template].map(([path, { bytes }]) => [path, hashOf(bytes)])),
  );
}

/** @param {readonly Change[]} changes */
function printDifferences(changes) {
  const scratch = mkdtempSync(join(tmpdir(), 'upgrade-'));
  try {
    for (const { path, own, wanted } of changes) {
      for (const [side, bytes] of /** @type {const} */ ([
        ['a', own],
        ['b', wanted?.bytes],
      ])) {
        if (bytes === undefined) continue;
        mkdirSync(dirname(join(scratch, side, path)), { recursive: true });
        writeFileSync(join(scratch, side, path), bytes);
      }
    }
    console.log(
      compareFiles(
        scratch,
        changes.map(({ path }) => path),
      ),
    );
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

const titles = { add: 'new', replace: 'changed', remove: 'removed', merge: 'changed here and there' };

/**
 * @param {readonly Change[]} changes
 * @param {string} from
 * @param {boolean} isWritten
 */
function summarize(changes, from, isWritten) {
  const merged = changes.some(({ step }) => step === 'merge');
  const lines = changes.map(
    ({ path, step }) => `  ${titles[step]}: ${path}${step === 'merge' && isWritten ? '.new' : ''}`,
  );
  const next = isWritten
    ? [
        ...(merged ? ['Take over what is in each FILE.new, then delete it.'] : []),
        'Run `npm ci && npm test`, and commit.',
      ]
    : [
        '`upgrade --write` writes this; a file that you have changed, too, stays, and the new one is written beside it.',
      ];
  return [`${from} to ${readVersion()}:`, ...lines, '', ...next];
}
