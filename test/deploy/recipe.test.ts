/** The commands of a deploy say everything on purpose. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { readConfig } from '../../src/config';
import { projectDirectory } from '../processes';
import { flag, image, printDeploy, printOne, recipes, run } from './commands';

const project = JSON.parse(readFileSync(join(projectDirectory, 'package.json'), 'utf8')) as {
  readonly engines: { readonly node: string };
  readonly dependencies: Readonly<Record<string, string>>;
  readonly scripts: Readonly<Record<string, string>>;
};

/** Variables of the deployed environment by name. */
function environmentOf(command: readonly string[]): Readonly<Record<string, string>> {
  const pairs = (flag(command, 'set-env-vars') ?? '').split(',');
  return Object.fromEntries(pairs.map((pair) => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]));
}

describe.each(recipes)('deploy $words', ({ words }) => {
  let command: string[];
  beforeAll(async () => {
    command = await printOne(words);
  });

  test('asks for one CPU, half a GiB and many requests at once', () => {
    const sizes = ['memory', 'cpu', 'concurrency', 'min-instances', 'max-instances', 'timeout'].map((name) =>
      flag(command, name),
    );
    expect(sizes).toEqual(['512Mi', '1', '80', '0', '10', '60s']);
  });

  test('lets nobody in who has not been named, and serves as an account of its own', () => {
    expect(command).toContain('--no-allow-unauthenticated');
    expect(flag(command, 'service-account')).toBe('onnx-predict-runtime@a-project.iam.gserviceaccount.com');
  });

  test('sets variables that the server takes, and the heap to half of the memory', () => {
    const environment = environmentOf(command);
    expect(environment).toEqual({
      GOOGLE_CLOUD_PROJECT: 'a-project',
      LOG_EXECUTION_ID: 'false',
      MALLOC_MMAP_THRESHOLD_: '131072',
      MODEL_LOADING: 'eager',
      NODE_OPTIONS: '--max-old-space-size=256 --max-semi-space-size=4',
      ONNX_THREADS: '1',
    });
    expect(readConfig(environment)).toMatchObject({ modelLoading: 'eager', onnxThreads: 1 });
  });

  test('leaves NODE_ENV to the build, which installs and prunes by it', () => {
    expect(command.join(' ')).not.toContain('NODE_ENV');
  });
});

describe('A deploy', () => {
  test('follows the size of the instance with the heap and the threads', async () => {
    const command = await printOne(['function', '--memory=2Gi', '--cpu=2']);
    expect(environmentOf(command)).toMatchObject({
      NODE_OPTIONS: '--max-old-space-size=1024 --max-semi-space-size=4',
      ONNX_THREADS: '2',
    });
  });

  test('runs one Node.js everywhere, of those that package.json allows', async () => {
    // A range with an open end would let a build take the newest there is.
    const majors = project.engines.node.split(' || ').map((range) => Number(/^(\d+)\.x$/.exec(range)?.[1]));
    const nodeMajor = Number(/^nodejs(\d+)$/.exec(flag(await printOne(['function']), 'base-image') ?? '')?.[1]);
    expect(majors).toEqual(expect.arrayContaining([nodeMajor, Number(process.versions.node.split('.')[0])]));
    expect(flag(await printOne(['service']), 'base-image')).toBe(`nodejs${nodeMajor}`);
    expect(flag(await printOne(['function', '--api=functions']), 'runtime')).toBe(`nodejs${nodeMajor}`);
    expect(readFileSync(join(projectDirectory, 'deploy/Dockerfile'), 'utf8')).toContain(`library/node:${nodeMajor}.`);
  });

  test('finds the framework among the dependencies, where the build leaves it', () => {
    expect(Object.keys(project.dependencies)).toContain('@google-cloud/functions-framework');
  });

  test('starts the service, not the function, from the same source', async () => {
    const entryPoint = flag(await printOne(['service']), 'set-build-env-vars');
    expect(entryPoint).toBe('GOOGLE_ENTRYPOINT=exec node dist/server.js');
    expect(project.scripts['start:server']).toMatch(/ exec node dist\/server\.js$/);
    expect(flag(await printOne(['function']), 'function')).toBe('predict');
  });

  test('forwards HTTP/2 end to end where gRPC is wanted', async () => {
    expect(await printOne(['service', '--http2'])).toContain('--use-http2');
    expect(await printOne(['service'])).not.toContain('--use-http2');
  });

  test('builds and pushes an image that has no digest yet', async () => {
    const commands = await printDeploy('service', `--image=${image.bare}:1`);
    expect(commands.map(([program, verb]) => `${program} ${verb}`)).toEqual([
      'docker build',
      'docker push',
      'gcloud run',
    ]);
    expect(flag(commands[0] ?? [], 'file')).toBe('deploy/Dockerfile');
  });

  test.each([
    [['function', '--memory=lots'], '--memory is "lots"'],
    [['function', '--cpu=0.5'], '--concurrency=1'],
    [['function', '--api=rest'], 'run or functions'],
    [['function', `--image=${image.bare}`], '--image deploys a service'],
    [['function', '--api=functions', '--no-traffic'], 'neither --tag nor --no-traffic'],
    [['function', '--http2'], 'functions have no HTTP/2'],
    [['container'], 'Expected function, service or job'],
    [['function', '--colour=red'], '--colour'],
  ])('%j is refused with a line that says why', async (words, message) => {
    const { code, stdout, stderr } = await run('node', ['deploy/deploy.mjs', ...words, '--project=p', '--dry-run']);
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toContain(message);
    expect(stderr.trim().split('\n')).toHaveLength(1);
  });
});

describe('service.yaml', () => {
  const text = readFileSync(join(projectDirectory, 'deploy/service.yaml'), 'utf8');
  const onCloudRun = text.replace('# serviceAccountName:', 'serviceAccountName:').replaceAll('PROJECT', 'a-project');
  const { spec } = (parse(text) as Manifest).spec.template;
  const container = spec.containers[0];

  test('names what Knative takes: an account of Kubernetes, not an e-mail address, and a label for each name', () => {
    const { metadata, spec: all } = parse(text.replaceAll('PROJECT', 'a-project')) as Manifest;
    // Rules of knative.dev/serving's validation: RFC 1123 subdomains, RFC 1035 labels, references of images.
    const subdomain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/;
    const { serviceAccountName = 'default', containers } = all.template.spec;
    expect(serviceAccountName).toMatch(subdomain);
    expect(metadata.name).toMatch(/^[a-z]([-a-z0-9]{0,61}[a-z0-9])?$/);
    expect(containers[0].image).toMatch(/^[a-z0-9.-]+(\/[a-z0-9._-]+)+$/);
  });

  test('has the account of the command for Cloud Run', async () => {
    const command = await printOne(['service', `--image=${image.withDigest}`]);
    const { serviceAccountName } = (parse(onCloudRun) as Manifest).spec.template.spec;
    expect(serviceAccountName).toBe(flag(command, 'service-account'));
  });

  test('says what the command says', async () => {
    const command = await printOne(['service', `--image=${image.withDigest}`]);
    const named = container.env.map(({ name, value }) => [name, value.replace('PROJECT', 'a-project')]);
    expect(Object.fromEntries(named)).toEqual(environmentOf(command));
    expect(container.resources.limits).toEqual({ cpu: flag(command, 'cpu'), memory: flag(command, 'memory') });
    expect(String(spec.containerConcurrency)).toBe(flag(command, 'concurrency'));
    for (const [name, probe] of [
      ['startup-probe', container.startupProbe],
      ['liveness-probe', container.livenessProbe],
    ] as const) {
      const { httpGet, ...numbers } = probe;
      const words = Object.entries({ 'httpGet.path': httpGet.path, ...numbers }).map(
        ([key, value]) => `${key}=${value}`,
      );
      expect(flag(command, name)?.split(',')).toEqual(words);
    }
  });
});

interface Probe {
  readonly httpGet: { readonly path: string };
}

interface Manifest {
  readonly metadata: { readonly name: string };
  readonly spec: {
    readonly template: {
      readonly spec: {
        readonly containerConcurrency: number;
        readonly serviceAccountName?: string;
        readonly containers: readonly [
          {
            readonly image: string;
            readonly env: readonly { readonly name: string; readonly value: string }[];
            readonly resources: { readonly limits: Readonly<Record<string, string>> };
            readonly startupProbe: Probe;
            readonly livenessProbe: Probe;
          },
        ];
      };
    };
  };
}
