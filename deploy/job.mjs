/** The commands of a job that answers a table of a bucket in another. */
import { accounts } from './settings.mjs';

/** @typedef {import('./settings.mjs').Settings} Settings */

const mountPath = '/mnt/bucket';
/** A run that fails is not begun again by itself: it names the row, which will be as wrong the next time. */
const retries = 0;

/**
 * @param {Settings} settings
 * @param {readonly string[]} environment
 * @returns {readonly (readonly string[])[]}
 */
export function toJob(settings, environment) {
  const { name, project, region, bucket, image } = settings;
  const account = `${accounts.job}@${project}.iam.gserviceaccount.com`;
  return [
    [
      ...['gcloud', 'storage', 'buckets', 'add-iam-policy-binding', `gs://${bucket}`, `--project=${project}`],
      ...[`--member=serviceAccount:${account}`, '--role=roles/storage.objectUser'],
    ],
    [
      ...['gcloud', 'run', 'jobs', 'deploy', name, `--project=${project}`, `--region=${region}`],
      image === undefined ? '--source=.' : `--image=${image}`,
      ...program(settings),
      `--add-volume=name=bucket,type=cloud-storage,bucket=${bucket}`,
      `--add-volume-mount=volume=bucket,mount-path=${mountPath}`,
      ...[`--memory=${settings.memory}`, `--cpu=${settings.cpu}`, `--task-timeout=${settings.timeout}`],
      ...['--tasks=1', `--max-retries=${retries}`, `--service-account=${account}`],
      `--set-env-vars=${environment.join(',')}`,
    ],
  ];
}

/** @param {Settings} settings */
function program({ image, files }) {
  const words = ['dist/predict.js', ...files.map((file) => `${mountPath}/${file}`)];
  // The launcher of a buildpack's image finds Node.js, which is on no other path.
  return image === undefined
    ? ['--command=launcher', `--args=${['node', ...words].join(',')}`]
    : ['--command=node', `--args=${words.join(',')}`];
}
