/** What a project holds for the answers that were given: each file with its bytes. Pure: it reads the package and writes nothing. */
import { prunePackageLock } from './package-lock.mjs';
import { toProjectPackage, toProjectTypeScript, withProtocols } from './rewritten.mjs';
import { isProgram, listSource, readSource, readSourceText } from './source.mjs';

/**
 * @typedef {object} Answers
 * @property {string} name of the model
 * @property {readonly string[]} hosts
 * @property {readonly string[]} protocols those that can be left out, and are not
 * @property {boolean} hasPackager whether models come from Python
 */
/** @typedef {{ readonly bytes: Buffer, readonly isProgram: boolean }} TemplateFile */

export const hosts = ['function', 'service'];

/** Folders of `src/protocols/` that nothing else needs, by the name that people choose. */
export const optionalProtocols = {
  bigquery: ['bigquery'],
  'cloud-events': ['cloud-events', 'pub-sub'],
  invocations: ['invocations'],
  mcp: ['mcp'],
};

/** Taken as they are. */
const taken = [
  '.gcloudignore',
  '.gitattributes',
  '.gitignore',
  '.npmrc',
  '.github/workflows/deploy.yml',
  'deploy',
  'src',
];

/** Of the package itself, not of a project. */
const leftOut = /^deploy\/(create\/|release\.sh|tsconfig\.json)/;

const ofService = /^deploy\/(Dockerfile|service\.yaml|inference-service\.yaml)/;

const modules = ['package_model', 'captured', 'card', 'conformal', 'drawing', 'export', 'iris', 'json_files', 'parity'];
const packager = ['model/training/packager', ...modules.map((name) => `model/training/${name}.py`)];

/** The packager's own tests, and what writes the tables of docs/reference. */
const packagerOwn =
  /_test\.py$|\/(boosted|boosted_oblivious|catalogue|compositions|conftest|fitted|outcomes|patients|pipelines|price|steps|table)\.py$|\/(check\.sh|requirements\.in)$/;

/** The example, for a project that begins without a model. */
export const exampleModel = ['model/card.json', 'model/card.schema.json', 'model/model.onnx', 'model/samples.json'];

/** Every file that some project holds: what the tarball must carry. */
export function listAll() {
  const read = ['package.json', 'package-lock.json', 'tsconfig.json', 'LICENSE'];
  return [...read, ...taken, ...packager, ...exampleModel].flatMap(listSource).filter((path) => !isLeftOut(path));
}

/** @param {string} path */
function isLeftOut(path) {
  return leftOut.test(path) || (path.startsWith('model/training/packager') && packagerOwn.test(path));
}

/**
 * Everything but the model, by path.
 * @param {Answers} answers
 * @returns {ReadonlyMap<string, TemplateFile>}
 */
export function createTemplate(answers) {
  const absent = Object.entries(optionalProtocols).flatMap(([name, folders]) =>
    answers.protocols.includes(name) ? [] : folders,
  );
  const paths = [...taken, ...(answers.hasPackager ? packager : [])].flatMap(listSource);
  const asTheyAre = paths.filter(
    (path) =>
      !isLeftOut(path) &&
      !(ofService.test(path) && !answers.hosts.includes('service')) &&
      !absent.some((folder) => path.startsWith(`src/protocols/${folder}/`)),
  );
  const own = 'deploy/create/project/';
  return new Map([
    ...asTheyAre.map((path) => toEntry(path, readSource(path), isProgram(path))),
    ...listSource('deploy/create/project').map((path) =>
      toEntry(path.slice(own.length), fill(readSourceText(path), answers)),
    ),
    ...rewrite(answers, absent),
  ]);
}

/**
 * @param {Answers} answers
 * @param {readonly string[]} absent folders of protocols
 */
function rewrite(answers, absent) {
  const packageFile = toProjectPackage(JSON.parse(readSourceText('package.json')), answers);
  const lock = prunePackageLock(JSON.parse(readSourceText('package-lock.json')), packageFile);
  const texts = {
    'package.json': toJson(packageFile),
    'package-lock.json': toJson(lock),
    'tsconfig.json': toJson(toProjectTypeScript(JSON.parse(readSourceText('tsconfig.json')))),
    'src/app/protocols.ts': withProtocols(readSourceText('src/app/protocols.ts'), absent),
    'src/LICENSE': readSourceText('LICENSE'),
    '.github/workflows/deploy.yml': withFirstHost(readSourceText('.github/workflows/deploy.yml'), answers),
  };
  return Object.entries(texts).map(([path, text]) => toEntry(path, text));
}

/**
 * The workflow deploys the host that the project has.
 * @param {string} text
 * @param {Answers} answers
 */
function withFirstHost(text, { hosts: [first = 'function'] }) {
  return text.replace("vars.GCP_KIND || 'function'", `vars.GCP_KIND || '${first}'`);
}

/**
 * @param {string} path
 * @param {string | Buffer} content
 * @param {boolean} [mayRun]
 * @returns {[string, TemplateFile]}
 */
function toEntry(path, content, mayRun = false) {
  return [path, { bytes: Buffer.from(content), isProgram: mayRun }];
}

/**
 * @param {string} text with {{name}} and the like
 * @param {Answers} answers
 */
function fill(text, { name, hosts: [first = 'function'] }) {
  return text.replaceAll('{{name}}', name).replaceAll('{{host}}', first);
}

/** @param {unknown} value */
function toJson(value) {
  return `${JSON.stringify(value, null, 2)}\n`;
}
