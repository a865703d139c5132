/** Prints the seconds in which ONNX Runtime and the model of a deployed directory load. */
const { createRequire } = require('node:module');
const { join } = require('node:path');

const root = join(__dirname, '../..');
const built = createRequire(join(root, 'dist/server.js'));

async function main() {
  const { createApp } = built('./app/app.js');
  const { readConfig } = built('./config.js');
  const app = createApp(readConfig({ MODEL_LOADING: 'lazy', MODEL_DIR: join(process.argv[2], 'model') }));
  const startedAt = performance.now();
  built('onnxruntime-node');
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
