/** Every request that the README prints is sent, and gets the answer that is printed below it. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { setUpPython } from './clients/python';
import { type Host, startHost } from './hosts';
import { projectDirectory } from './processes';

const run = promisify(execFile);
const readme = readFileSync(join(projectDirectory, 'README.md'), 'utf8');
const examples = [...readme.matchAll(/```sh\n(curl [^`]*)```\n+```json\n([^`]*)```/g)].map(
  ([, command = '', answer = '']) => ({
    command: command.trim(),
    answer: JSON.parse(answer) as unknown,
  }),
);

const programs = [...readme.matchAll(/```(python|ts)\n([^`]*)```\n+```json\n([^`]*)```/g)].map(
  ([, language = '', program = '', answer = '']) => ({
    language,
    program,
    title: program.split('\n').find((line) => /client|requests|fetch/.test(line)) ?? '',
    answer: JSON.parse(answer) as unknown,
  }),
);
const python = setUpPython(join(projectDirectory, 'test/clients/requirements.txt'));

function commandOf(language: string, program: string): readonly string[] {
  if (language === 'python') return 'missing' in python ? [] : [python.python, '-c', program];
  const { outputText } = transpileModule(program, {
    compilerOptions: { target: ScriptTarget.ES2022, module: ModuleKind.ESNext },
  });
  return [process.execPath, '--input-type=module', '--eval', outputText];
}

describe('the README', () => {
  let host: Host;
  beforeAll(async () => {
    host = await startHost('functions-framework');
  });
  afterAll(() => host.stop());

  test('prints an answer below each of its requests', () => {
    expect(examples.length).toBeGreaterThanOrEqual(3);
    expect(examples).toHaveLength([...readme.matchAll(/^curl /gm)].length);
  });

  test.each(examples)('answers $command', async ({ command, answer }) => {
    const { stdout } = await run('bash', ['-c', command.replaceAll('localhost:8080', `127.0.0.1:${host.port}`)]);
    expect(JSON.parse(stdout)).toEqual(answer);
  });

  test.each(programs)('answers the $language program $title', async ({ language, program, answer, title }) => {
    const text = program.replaceAll('localhost:8080', `127.0.0.1:${host.port}`);
    const [command, ...parameters] = commandOf(language, text);
    if (command === undefined) {
      // No Python here, or none of its packages: the reason stands in the name of the test that says so.
      expect(python).toHaveProperty('missing');
      return;
    }
    const { stdout } = await run(command, parameters, { cwd: projectDirectory });
    expect({ title, answer: JSON.parse(stdout) }).toEqual({ title, answer });
  });

  if ('missing' in python) test.skip(`cannot run its Python programs: ${python.missing}`, () => undefined);

  test('has programs in both languages', () => {
    expect(programs.map(({ language }) => language)).toEqual(['python', 'python', 'ts']);
  });

  test('lists every setting', () => {
    const source = readFileSync(join(projectDirectory, 'src/config.ts'), 'utf8');
    const names = [...source.matchAll(/(?:integer|choice|text|path)\('([A-Z_]+)'/g)].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !readme.includes(`\`${name}\``))).toEqual([]);
  });

  test('names the two commands as they stand in package.json', () => {
    expect(readme).toContain('npm ci && npm start');
    expect(readme).toContain('npm ci && npm test');
  });
});
