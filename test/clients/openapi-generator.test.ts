/** Clients in Go, Java and TypeScript that openapi-generator makes from the document compile and predict. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { promisify } from 'node:util';
import { projectDirectory } from '../processes';
import { setUpClassPath, setUpJar } from './maven';
import { type ServedDocument, serveDocument } from './served-document';

const run = promisify(execFile);
const generator = setUpJar(readFileSync(join(__dirname, 'generated/openapi-generator.txt'), 'utf8'));
const noTests = { apiTests: 'false', modelTests: 'false', apiDocs: 'false', modelDocs: 'false' };

/** A test that needs this compiler. */
const testWith = (compiler: string, word: string) => (spawnSync(compiler, [word]).status === 0 ? test : test.skip);

/** The options of the guide. */
const languages = {
  go: { generatorName: 'go', packageName: 'iris', gitHost: 'example.com', gitUserId: 'me', gitRepoId: 'iris' },
  java: { generatorName: 'java' },
  ts: { generatorName: 'typescript-fetch', additionalProperties: { importFileExtension: '.js' } },
};

describe('openapi-generator', () => {
  if ('missing' in generator) {
    test.skip(`generates nothing: ${generator.missing}`, () => undefined);
    return;
  }

  let served: ServedDocument;
  beforeAll(async () => {
    served = await serveDocument();
    const { directory, file } = served;
    const configurations = Object.entries(languages).map(([language, options]) => {
      const path = join(directory, `${language}.json`);
      const places = { inputSpec: file, outputDir: join(directory, language), globalProperties: noTests };
      writeFileSync(path, JSON.stringify({ ...options, ...places }));
      return path;
    });
    await run('java', ['-jar', generator.jar, 'batch', '--fail-fast', ...configurations]);
  });
  afterAll(() => served.stop());

  testWith('go', 'version')('makes a client for Go (needs go)', async () => {
    const directory = join(served.directory, 'go');
    const { program, answer } = served.programIn('go');
    mkdirSync(join(directory, 'predict'));
    writeFileSync(join(directory, 'predict/main.go'), program);
    const { stdout } = await run('go', ['run', '-mod=mod', './predict'], { cwd: directory });
    expect(JSON.parse(stdout)).toEqual(answer);
  });

  testWith('javac', '-version')('makes a client for Java (needs javac)', async () => {
    const directory = join(served.directory, 'java');
    const { program, answer } = served.programIn('java');
    writeFileSync(join(directory, 'Predict.java'), program);
    const sources = readdirSync(join(directory, 'src/main/java'), { recursive: true, encoding: 'utf8' })
      .filter((path) => path.endsWith('.java'))
      .map((path) => join('src/main/java', path));
    const packages = setUpClassPath(directory);
    await run('javac', ['-d', 'classes', '-cp', packages, 'Predict.java', ...sources], { cwd: directory });
    const { stdout } = await run('java', ['-cp', `classes${delimiter}${packages}`, 'Predict'], { cwd: directory });
    expect(JSON.parse(stdout)).toEqual(answer);
  });

  test('makes a client for TypeScript', async () => {
    const directory = join(served.directory, 'ts');
    const { program, answer } = served.programIn('ts', 'PredictionApi');
    writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
    writeFileSync(join(directory, 'predict.ts'), program);
    const compiler = join(projectDirectory, 'node_modules/typescript/bin/tsc');
    const options = ['--strict', '--target', 'es2022', '--module', 'nodenext'];
    await run(process.execPath, [compiler, ...options, 'predict.ts'], { cwd: directory });
    const { stdout } = await run(process.execPath, ['predict.js'], { cwd: directory });
    expect(JSON.parse(stdout)).toEqual(answer);
  });
});
