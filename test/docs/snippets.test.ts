/** Every request that a document prints is sent, and gets the answer that is printed below it. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { transformSync } from 'esbuild';
import { type Host, startHost } from '../hosts';
import { projectDirectory } from '../processes';
import { documents as all } from './documents';
import { isOfGenerated, readPrograms } from './programs';

const run = promisify(execFile);
/** `.ci/run` walks the tutorial, whose steps need each other. */
const documents = all.filter(({ path }) => path !== 'docs/tutorials/once-around-the-loop.md');
/** Those in Python are run beside the clients that they use. */
const programs = readPrograms(documents).filter((program) => !isOfGenerated(program));
const inShell = programs.filter(({ language }) => language === 'sh');
const inTypeScript = programs.filter(({ language }) => language === 'ts');

describe('the documents', () => {
  let host: Host;
  beforeAll(async () => {
    host = await startHost('functions-framework');
  });
  afterAll(() => host.stop());

  const atHost = (text: string) => text.replaceAll('localhost:8080', `127.0.0.1:${host.port}`);

  test('print an answer below each request to a local endpoint', () => {
    const requests = documents.flatMap(({ text }) => [...text.matchAll(/^curl [^\n]*localhost:8080/gm)]);
    expect(inShell).toHaveLength(requests.length);
    expect(inShell.length).toBeGreaterThanOrEqual(10);
  });

  test.each(inShell)('answer $title, $path', async ({ program, answer }) => {
    const { stdout } = await run('bash', ['-c', atHost(program)]);
    expect(JSON.parse(stdout)).toEqual(answer);
  });

  test.each(inTypeScript)('answer the program $title, $path', async ({ program, answer }) => {
    const { code } = transformSync(atHost(program), { loader: 'ts' });
    const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', code], { cwd: projectDirectory });
    expect(JSON.parse(stdout)).toEqual(answer);
  });

  test('print what curl shows for text', async () => {
    const shown = documents.flatMap(({ text }) => [...text.matchAll(/```\n\$ (curl [^\n]*)\n([^`]*)```/g)]);
    expect(shown.length).toBeGreaterThan(0);
    for (const [, command = '', answer] of shown) {
      const { stdout } = await run('bash', ['-c', atHost(command)]);
      expect(stdout.trimEnd()).toBe(answer?.trimEnd());
    }
  });

  test('have commands that a shell can read', async () => {
    const commands = documents.flatMap(({ path, text }) =>
      [...text.matchAll(/```sh\n([^`]*)```/g)].map(([, block = '']) => ({ path, block })),
    );
    expect(commands.length).toBeGreaterThan(20);
    for (const { path, block } of commands) {
      const read = run('bash', ['-n', '-c', block]).then(
        () => '',
        ({ stderr }: { stderr: string }) => stderr,
      );
      expect({ path, block, fault: await read }).toEqual({ path, block, fault: '' });
    }
  });

  test('have programs in each language', () => {
    expect(programs.map(({ language }) => language).filter((each) => each !== 'sh')).toEqual([
      'python',
      'python',
      'python',
      'ts',
      'python',
      'js',
      'python',
      'ts',
    ]);
  });
});
