/** Turns the settings of a deploy into the exact commands to run. */
import { toJob } from './job.mjs';
import { toMebibytes } from './memory.mjs';
import { accounts, nodeMajor } from './settings.mjs';

/** @typedef {import('./settings.mjs').Settings} Settings */
/** @typedef {readonly string[]} Command program and arguments */

/** Cloud Run sends these probes straight to the container, without a token. */
const probes = [
  // Passes once the model has loaded and reproduced its golden samples, so no caller waits for that.
  '--startup-probe=httpGet.path=/v2/health/ready,periodSeconds=1,timeoutSeconds=1,failureThreshold=60',
  '--liveness-probe=httpGet.path=/v2/health/live,periodSeconds=30,timeoutSeconds=5,failureThreshold=3',
];

/**
 * @param {Settings} settings
 * @returns {readonly Command[]}
 */
export function toCommands(settings) {
  if (settings.kind === 'function')
    return [settings.api === 'run' ? runFunction(settings) : functionsFunction(settings)];
  if (settings.kind === 'job') {
    const built = settings.image === undefined ? [] : buildImage(settings.image);
    return [...built, ...toJob(settings, environment(settings))];
  }
  if (settings.image === undefined) return [runSource(settings)];
  return [...buildImage(settings.image), runImage(settings, settings.image)];
}

/** @param {Settings} settings */
function runFunction(settings) {
  return [...run(settings), ...sourceFlags(settings), '--function=predict', ...runFlags(settings)];
}

/** @param {Settings} settings */
function runSource(settings) {
  // Without an entry point the container would run `npm start`, which starts the function.
  const entryPoint = '--set-build-env-vars=GOOGLE_ENTRYPOINT=exec node dist/server.js';
  return [...run(settings), ...sourceFlags(settings), entryPoint, ...runFlags(settings)];
}

/**
 * @param {Settings} settings
 * @param {string} image
 */
function runImage(settings, image) {
  return [...run(settings), `--image=${image}`, ...runFlags(settings)];
}

/** @param {Settings} settings */
function functionsFunction(settings) {
  return [
    ...['gcloud', 'functions', 'deploy', settings.name, '--gen2'],
    ...[`--project=${settings.project}`, `--region=${settings.region}`],
    ...['--source=.', `--runtime=nodejs${nodeMajor}`, '--entry-point=predict', '--trigger-http'],
    `--build-service-account=${buildAccount(settings)}`,
    ...commonFlags(settings),
  ];
}

/**
 * An image with a digest has already been built and pushed.
 * @param {string} image
 * @returns {readonly Command[]}
 */
function buildImage(image) {
  if (image.includes('@sha256:')) return [];
  return [
    ['docker', 'build', '--file=deploy/Dockerfile', '--platform=linux/amd64', `--tag=${image}`, '.'],
    ['docker', 'push', image],
  ];
}

/** @param {Settings} settings */
function run({ name, project, region }) {
  return ['gcloud', 'run', 'deploy', name, `--project=${project}`, `--region=${region}`];
}

/** @param {Settings} settings */
function sourceFlags(settings) {
  return ['--source=.', `--base-image=nodejs${nodeMajor}`, `--build-service-account=${buildAccount(settings)}`];
}

/** @param {Settings} settings */
function runFlags(settings) {
  const { tag, 'no-traffic': isHidden, http2 } = settings;
  const revision = [...(tag === undefined ? [] : [`--tag=${tag}`]), ...(isHidden ? ['--no-traffic'] : [])];
  // Cloud Run then forwards HTTP/2, without TLS, as gRPC needs it; the probes and all else arrive that way, too.
  const protocol = http2 ? ['--use-http2'] : [];
  return ['--cpu-boost', ...probes, ...protocol, ...commonFlags(settings), ...revision];
}

/** @param {Settings} settings */
function commonFlags(settings) {
  return [
    `--memory=${settings.memory}`,
    `--cpu=${settings.cpu}`,
    `--concurrency=${settings.concurrency}`,
    `--min-instances=${settings['min-instances']}`,
    `--max-instances=${settings['max-instances']}`,
    `--timeout=${settings.timeout}`,
    `--service-account=${accounts.runtime}@${settings.project}.iam.gserviceaccount.com`,
    settings['allow-unauthenticated'] ? '--allow-unauthenticated' : '--no-allow-unauthenticated',
    `--set-env-vars=${environment(settings).join(',')}`,
  ];
}

/** @param {Settings} settings */
function environment({ cpu, memory, project }) {
  return [
    `GOOGLE_CLOUD_PROJECT=${project}`,
    // The Functions API turns this on, which makes the framework parse every log line again.
    'LOG_EXECUTION_ID=false',
    // glibc's default, fixed by setting it: otherwise it grows with each large block that is freed, and memory used to
    // load a model is never returned. 200 MB of weights take 280 MB this way, 470 MB otherwise.
    'MALLOC_MMAP_THRESHOLD_=131072',
    'MODEL_LOADING=eager',
    // Half of the memory for the JavaScript heap; bodies and ONNX Runtime live outside it. The build's default is 80 %.
    // Semi-spaces of 4 MiB: V8's default of 16 MiB makes a busy instance a fifth larger and no faster.
    `NODE_OPTIONS=--max-old-space-size=${toMebibytes(memory) / 2} --max-semi-space-size=4`,
    `ONNX_THREADS=${Math.max(1, Math.floor(Number(cpu)))}`,
  ];
}

/** @param {Settings} settings */
function buildAccount({ project }) {
  return `projects/${project}/serviceAccounts/${accounts.build}@${project}.iam.gserviceaccount.com`;
}
