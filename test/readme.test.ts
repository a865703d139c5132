/** Every request that the README prints is sent, and gets the answer that is printed below it. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
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

  test('names the two commands as they stand in package.json', () => {
    expect(readme).toContain('npm ci && npm start');
    expect(readme).toContain('npm ci && npm test');
  });
});
