/** The Python programs that documents print get the answers that are printed below them. */
import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { documents } from '../docs/documents';
import { isOfGenerated, readPrograms } from '../docs/programs';
import { type Host, startHost } from '../hosts';
import { projectDirectory } from '../processes';

import { requirements } from '../tools.cjs';
import { setUpPython } from './python';

const run = promisify(execFile);
const python = setUpPython(requirements.clients);
/** Packages of other environments, whose tests run their programs. */
const ofOthers = ['tritonclient.grpc', 'mlflow'];
const programs = readPrograms(documents).filter(
  (each) => each.language === 'python' && !ofOthers.some((name) => each.program.includes(name)) && !isOfGenerated(each),
);

describe('the documents', () => {
  if ('missing' in python) {
    test.skip(`cannot run their Python programs: ${python.missing}`, () => undefined);
    return;
  }

  let host: Host;
  beforeAll(async () => {
    host = await startHost('functions-framework');
  });
  afterAll(() => host.stop());

  test.each(programs)('answer the program $title, $path', async ({ program, answer }) => {
    const text = program.replaceAll('localhost:8080', `127.0.0.1:${host.port}`);
    const { stdout } = await run(python.python, ['-c', text], { cwd: projectDirectory });
    expect(JSON.parse(stdout)).toEqual(answer);
  });
});
