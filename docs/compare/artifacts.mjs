/** The artifact: how many bytes it has, and how long its library and it take to load, each in a fresh process. */
import { statSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { runChild } from '../bench/children.mjs';

const nodeScript = fileURLToPath(new URL('load-artifact.cjs', import.meta.url));
const pythonScript = fileURLToPath(new URL('load_artifact.py', import.meta.url));

/** What each of the others loads its artifact with. */
const libraries = {
  'fastapi-sklearn': 'scikit-learn',
  'fastapi-onnx-typed': 'onnxruntime',
  litserve: 'onnxruntime',
  bentoml: 'onnxruntime',
  mlserver: 'scikit-learn',
  mlflow: 'scikit-learn',
};

export async function measureArtifacts(bench) {
  const { contenders, cores, directory, plan, measurements, say } = bench;
  for (let round = 1; round <= plan.artifactLoads; round++) {
    say(`loading artifacts, round ${round} of ${plan.artifactLoads}`);
    for (const { id } of contenders) {
      const { artifact, command } = loaderOf(id, bench);
      const env = { ...process.env, ORT_DISABLE_TELEMETRY: '1', PYTHONDONTWRITEBYTECODE: '1' };
      const { library, load } = JSON.parse(await runChild(cores.onServerCore(command), { cwd: directory, env }));
      measurements.add('artifact bytes', id, statSync(artifact).size);
      measurements.add('library seconds', id, library);
      measurements.add('artifact seconds', id, load);
    }
  }
}

function loaderOf(id, { directory, python, frameworks }) {
  const weights = join(directory, 'model/model.onnx');
  const library = libraries[id];
  if (library === undefined) return { artifact: weights, command: [process.execPath, nodeScript, directory] };
  const artifact = library === 'scikit-learn' ? python.forest : weights;
  const environment = frameworks.find((framework) => framework.id === id) ?? python;
  return { artifact, command: [environment.python, pythonScript, library, artifact] };
}
