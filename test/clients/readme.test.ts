/** The Python programs that the README prints get the answers that are printed below them. */
import { execFile } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Host, startHost } from '../hosts';
import { projectDirectory } from '../processes';
import { readPrograms } from '../readme-programs';
import { requirements } from '../tools.cjs';
import { setUpPython } from './python';

const run = promisify(execFile);
const python = setUpPython(requirements.clients);
const programs = readPrograms(readFileSync(join(projectDirectory, 'README.md'), 'utf8')).filter(
  ({ language }) => language === 'python',
);

describe('the README', () => {
  if ('missing' in python) {
    test.skip(`cannot run its Python programs: ${python.missing}`, () => undefined);
    return;
  }

  let host: Host;
  beforeAll(async () => {
    host = await startHost('functions-framework');
  });
  afterAll(() => host.stop());

  test.each(programs)('answers the program $title', async ({ program, answer, title }) => {
    const text = program.replaceAll('localhost:8080', `127.0.0.1:${host.port}`);
    const { stdout } = await run(python.python, ['-c', text], { cwd: projectDirectory });
    expect({ title, answer: JSON.parse(stdout) }).toEqual({ title, answer });
  });
});
