/** The official Triton client for Python works against a started server, unchanged. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { processKinds, startHost } from '../hosts';
import { modelDirectory } from '../model-files';
import { projectDirectory } from '../processes';
import { requirements } from '../tools.cjs';
import { setUpPython } from './python';

const run = promisify(execFile);
const clients = join(projectDirectory, 'test/clients');
const python = setUpPython(requirements.clients);

describe('tritonclient', () => {
  if ('missing' in python) {
    test.skip(`is not run: ${python.missing}`, () => undefined);
    return;
  }

  test.each(processKinds)('agrees with the golden samples in every form of request, %s', async (kind) => {
    const host = await startHost(kind);
    try {
      const script = [join(clients, 'triton.py'), `127.0.0.1:${host.port}`, modelDirectory];
      const { stdout } = await run(python.python, script, { env: { PYTHONDONTWRITEBYTECODE: '1' } });
      expect(stdout).toBe('48 forms of inference agree with the golden samples\n');
    } finally {
      await host.stop();
    }
  });
});
