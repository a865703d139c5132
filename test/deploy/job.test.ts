/** The commands of a job: it reads and writes one bucket, as an account that may do nothing else. */
import { flag, image, jobs, printDeploy, run } from './commands';

const member = 'serviceAccount:onnx-predict-job@a-project.iam.gserviceaccount.com';

describe.each(jobs)('deploy $words', ({ words }) => {
  let grant: string[];
  let job: string[];
  beforeAll(async () => {
    [grant = [], job = []] = await printDeploy(...words);
  });

  test('gives its account the objects of the bucket', () => {
    expect(grant).toContain('gs://a-bucket');
    expect([flag(grant, 'member'), flag(grant, 'role')]).toEqual([member, 'roles/storage.objectUser']);
    expect(`serviceAccount:${flag(job, 'service-account')}`).toBe(member);
  });

  test('answers one of its tables in another, where the bucket is mounted', () => {
    const mount = /^volume=bucket,mount-path=(.+)$/.exec(flag(job, 'add-volume-mount') ?? '')?.[1];
    expect(flag(job, 'add-volume')).toBe('name=bucket,type=cloud-storage,bucket=a-bucket');
    const program = [flag(job, 'command'), ...(flag(job, 'args') ?? '').split(',')].filter(
      (word) => word !== 'launcher',
    );
    expect(program).toEqual(['node', 'dist/predict.js', `${mount}/rows.csv`, `${mount}/out/answers.arrow`]);
  });

  test('has an hour, a GiB, and no second try with the same rows', () => {
    const settings = ['task-timeout', 'memory', 'cpu', 'max-retries', 'tasks'].map((name) => flag(job, name));
    expect(settings).toEqual(['60m', '1Gi', '1', '0', '1']);
    expect(flag(job, 'set-env-vars')).toContain('--max-old-space-size=512');
  });
});

test('An image without a digest is built and pushed first', async () => {
  const commands = await printDeploy('job', 'a.csv', 'b.csv', '--bucket=a-bucket', `--image=${image.bare}:1`);
  expect(commands.map(([program, verb]) => `${program} ${verb}`)).toEqual([
    'docker build',
    'docker push',
    'gcloud storage',
    'gcloud run',
  ]);
});

test.each([
  [['job', 'a.csv', '--bucket=a-bucket'], 'Expected job IN OUT'],
  [['job', 'a.csv', 'b.xlsx', '--bucket=a-bucket'], 'got "b.xlsx"'],
  [['job', 'a.csv', '/b.csv', '--bucket=a-bucket'], 'got "/b.csv"'],
  [['job', 'a.csv', '../b.csv', '--bucket=a-bucket'], 'got "../b.csv"'],
  [['job', 'a,b.csv', 'b.csv', '--bucket=a-bucket'], 'got "a,b.csv"'],
  [['job', 'a.csv', 'b.csv'], 'expected --bucket=NAME'],
  [['job', 'a.csv', 'b.csv', '--bucket=gs://a-bucket'], 'without gs://'],
  [['job', 'a.csv', 'b.csv', '--bucket=a-bucket', '--http2'], 'not of a job'],
  [['service', '--bucket=a-bucket'], '--bucket is of a job'],
])('%j is refused with a line that says why', async (words, message) => {
  const { code, stdout, stderr } = await run('node', ['deploy/deploy.mjs', ...words, '--project=p', '--dry-run']);
  expect([code, stdout]).toEqual([2, '']);
  expect(stderr).toContain(message);
  expect(stderr.trim().split('\n')).toHaveLength(1);
});
