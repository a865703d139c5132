/** Prints the seconds in which ONNX Runtime and the model of a deployed directory load, as the hosts load them. */
const { createRequire } = require('node:module');
const { join } = require('node:path');

const deployed = createRequire(join(process.argv[2], 'dist/server.js'));

async function main() {
  const { createApp } = deployed('./app/app.js');
  const { readConfig } = deployed('./config.js');
  const app = createApp(readConfig({ MODEL_LOADING: 'lazy' }));
  const startedAt = performance.now();
  deployed('onnxruntime-node');
  const loadedAt = performance.now();
  await app.model.load();
  const seconds = { library: (loadedAt - startedAt) / 1_000, load: (performance.now() - loadedAt) / 1_000 };
  console.log(JSON.stringify(seconds));
  await app.model.release();
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
