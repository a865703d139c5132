/** ONNX Runtime with nothing around it: prints the seconds of one run of as many rows as the argument says. */
const { join } = require('node:path');
const { samples } = require('../../../model/samples.json');

process.env.ORT_DISABLE_TELEMETRY = '1';
const { InferenceSession, Tensor } = require('onnxruntime-node');

const modelFile = join(__dirname, '../../../model/model.onnx');
const measuredSeconds = 0.5;

async function main() {
  const rows = Number(process.argv[2]);
  const instances = samples.map(({ instance }) => Object.values(instance));
  const values = Float32Array.from(Array.from({ length: rows }, (_, row) => instances[row % instances.length]).flat());
  const feeds = { X: new Tensor('float32', values, [rows, instances[0].length]) };
  const session = await InferenceSession.create(modelFile, { intraOpNumThreads: 1 });
  await session.run(feeds);
  const times = [];
  const endAt = performance.now() + measuredSeconds * 1_000;
  while (performance.now() < endAt) {
    const startedAt = performance.now();
    await session.run(feeds);
    times.push(performance.now() - startedAt);
  }
  times.sort((a, b) => a - b);
  console.log(times[Math.floor(times.length / 2)] / 1_000);
}

main().catch((error) => {
  console.error(error);
  process.exitCode = 1;
});
