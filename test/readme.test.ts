/** Every request that the README prints is sent, and gets the answer that is printed below it. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { transformSync } from 'esbuild';
import { type Host, startHost } from './hosts';
import { projectDirectory } from './processes';
import { readPrograms } from './readme-programs';

const run = promisify(execFile);
const readme = readFileSync(join(projectDirectory, 'README.md'), 'utf8');
const examples = [...readme.matchAll(/```sh\n(curl [^`]*)```\n+```json\n([^`]*)```/g)].map(
  ([, command = '', answer = '']) => ({
    command: command.trim(),
    answer: JSON.parse(answer) as unknown,
  }),
);

/** Those in Python are run beside the clients that they use. */
const programs = readPrograms(readme);
const inTypeScript = programs.filter(({ language }) => language === 'ts');

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

  test.each(inTypeScript)('answers the program $title', async ({ program, answer, title }) => {
    const { code } = transformSync(program.replaceAll('localhost:8080', `127.0.0.1:${host.port}`), { loader: 'ts' });
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code], { cwd: projectDirectory });
    expect({ title, answer: JSON.parse(stdout) }).toEqual({ title, answer });
  });

  test('has programs in both languages', () => {
    expect(programs.map(({ language }) => language)).toEqual(['python', 'python', 'ts']);
  });

  test('lists every setting, those of some protocols in their page', () => {
    const pages = readme + readFileSync(join(projectDirectory, 'docs/protocols.md'), 'utf8');
    const source = readFileSync(join(projectDirectory, 'src/config.ts'), 'utf8');
    const names = [...source.matchAll(/(?:integer|choice|text|path)\('([A-Z_]+)'/g)].map(([, name = '']) => name);
    expect(names.length).toBeGreaterThan(10);
    expect(names.filter((name) => !pages.includes(`\`${name}\``))).toEqual([]);
  });

  test('names the two commands as they stand in package.json', () => {
    expect(readme).toContain('npm ci && npm start');
    expect(readme).toContain('npm ci && npm test');
  });
});
