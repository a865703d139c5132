/** The artifact: how many bytes it has, and how long its library and it take to load, each in a fresh process. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChild } from '../bench/children.mjs';

const nodeScript = fileURLToPath(new URL('load-artifact.cjs', import.meta.url));
const pythonScript = fileURLToPath(new URL('load_artifact.py', import.meta.url));

export async function measureArtifacts({ contenders, cores, directory, python, plan, measurements, say }) {
  for (let round = 1; round <= plan.artifactLoads; round++) {
    say(`loading artifacts, round ${round} of ${plan.artifactLoads}`);
    for (const { id } of contenders) {
      const { artifact, command } = loaderOf(id, directory, python);
      const env = { ...process.env, ORT_DISABLE_TELEMETRY: '1', PYTHONDONTWRITEBYTECODE: '1' };
      const { library, load } = JSON.parse(await runChild(cores.onServerCore(command), { cwd: directory, env }));
      measurements.add('artifact bytes', id, statSync(artifact).size);
      measurements.add('library seconds', id, library);
      measurements.add('artifact seconds', id, load);
    }
  }
}

function loaderOf(id, directory, python) {
  const weights = join(directory, 'model/model.onnx');
  if (id === 'fastapi-sklearn') {
    return { artifact: python.forest, command: [python.python, pythonScript, 'scikit-learn', python.forest] };
  }
  if (id === 'fastapi-onnx-typed') {
    return { artifact: weights, command: [python.python, pythonScript, 'onnxruntime', weights] };
  }
  return { artifact: weights, command: [process.execPath, nodeScript, directory] };
}
