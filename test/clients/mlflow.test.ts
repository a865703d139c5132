/** MLflow's scoring client, its encodings and the shapes of SageMaker's requests work against started servers. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { documents } from '../docs/documents';
import { programsWith } from '../docs/programs';
import { processKinds, startHost } from '../hosts';
import { modelDirectory } from '../model-files';
import { projectDirectory } from '../processes';
import { setUpPython } from './python';

const run = promisify(execFile);
// The packages of the MLflow that the bench measures.
const python = setUpPython(join(projectDirectory, 'docs/bench/peers/mlflow/requirements.txt'));

describe('MLflow', () => {
  if ('missing' in python) {
    test.skip(`is not run: ${python.missing}`, () => undefined);
    return;
  }

  test.each(processKinds)('agrees with the golden samples in every form of invocation, %s', async (kind) => {
    const host = await startHost(kind);
    try {
      const script = [join(projectDirectory, 'test/clients/mlflow.py'), String(host.port), modelDirectory];
      const env = { PATH: process.env.PATH, PYTHONDONTWRITEBYTECODE: '1', PYTHONSAFEPATH: '1' };
      const { stdout } = await run(python.python, script, { env });
      expect(stdout).toBe('14 forms of invocation agree with the golden samples\n');
      const programs = programsWith(documents, 'ScoringServerClient');
      expect(programs).toHaveLength(1);
      for (const { program, answer } of programs) {
        const text = program.replace('"localhost", 8080', `"127.0.0.1", ${host.port}`);
        const printed = await run(python.python, ['-c', text], { env });
        expect(JSON.parse(printed.stdout)).toEqual(answer);
      }
    } finally {
      await host.stop();
    }
  });
});
