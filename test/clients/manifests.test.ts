/** The manifests of deploy/, as the systems that they are for read them; each also has to refuse manifests with one fault. */
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { projectDirectory } from '../processes';
import { buildGoProgram } from './go-programs';
import { setUpPython } from './python';

const isWanted = process.env.REFEREES === 'all';

/** A manifest with its placeholder replaced, as its first lines ask for. */
function read(name: string): string {
  return readFileSync(join(projectDirectory, 'deploy', name), 'utf8').replaceAll('PROJECT', 'a-project');
}

/** The text with one fault, which must be there to be made. */
function spoil(text: string, from: string, to: string): string {
  expect(text).toContain(from);
  return text.replace(from, to);
}

/** What a program says of a manifest: nothing where it accepts it. */
function judge(program: string, words: readonly string[], input: string): string {
  const { status, stdout, stderr } = spawnSync(program, words, { input, encoding: 'utf8' });
  const said = stdout + stderr;
  return status === 0 ? '' : said || `It ended with ${status}.`;
}

describe('Knative', () => {
  const knative = buildGoProgram(join(__dirname, '../fixtures/knative'));
  if ('missing' in knative) {
    test.skip(`does not read the manifests: ${knative.missing}`, () => undefined);
    return;
  }
  const { program } = knative;
  const service = read('service.yaml');

  test('takes the service', () => {
    expect(judge(program, [], service)).toBe('');
  });

  test('takes the service that KServe makes of the inference service', () => {
    const { spec } = parse(read('inference-service.yaml')) as { readonly spec: { readonly predictor: Predictor } };
    const { containers, containerConcurrency, timeout: timeoutSeconds } = spec.predictor;
    const template = { spec: { containers, containerConcurrency, timeoutSeconds } };
    const made = {
      apiVersion: 'serving.knative.dev/v1',
      kind: 'Service',
      metadata: { name: 'iris' },
      spec: { template },
    };
    expect(judge(program, [], JSON.stringify(made))).toBe('');
  });

  test.each([
    ['a field that it does not have', 'periodSeconds: 5', 'periodSecond: 5', 'unknown field "periodSecond"'],
    ["a field of KServe's", 'containerConcurrency: 80', 'minReplicas: 1', 'unknown field "minReplicas"'],
    ['a wrong type', 'timeoutSeconds: 60', 'timeoutSeconds: long', 'cannot unmarshal string'],
    ['a scale below none', "minScale: '0'", "minScale: '-1'", 'expected 0 <= -1'],
    ['a port of another protocol', 'name: http1', 'name: http3', 'Port name http3 is not allowed'],
    // The manifest says why this line is not for Knative.
    ["Cloud Run's account", '# serviceAccountName', 'serviceAccountName', 'spec.template.spec.serviceAccountName'],
  ])('refuses a service with %s', (_, from, to, said) => {
    expect(judge(program, [], spoil(service, from, to))).toContain(said);
  });
});

interface Predictor {
  readonly containers: readonly unknown[];
  readonly containerConcurrency: number;
  readonly timeout: number;
}

describe("KServe's types", () => {
  if (!isWanted) {
    test.skip('do not read the manifests: set REFEREES=all (half a gigabyte of packages)', () => undefined);
    return;
  }
  const python = setUpPython(join(__dirname, 'grpc/kserve/requirements.txt'));
  if ('missing' in python) throw new Error(python.missing);
  const words = [join(__dirname, 'grpc/kserve/manifest.py')];
  const manifest = read('inference-service.yaml');
  const judgeYaml = (text: string) => judge(python.python, words, JSON.stringify(parse(text)));

  test('have all of the inference service', () => {
    expect(judgeYaml(manifest)).toBe('');
  });

  test.each([
    ['a field that they do not have', 'minReplicas', 'minimumReplicas', 'no field minimumReplicas'],
    ['a field of a container that it does not have', 'failureThreshold', 'failures', 'V1Probe has no field failures'],
    ['a wrong type', 'maxReplicas: 10', 'maxReplicas: ten', "expected int, got 'ten'"],
    ['no predictor', 'predictor:', 'explainer:', 'predictor'],
    ['a container without a name', '- name: kserve-container\n        image', '- image', 'name'],
  ])('refuse an inference service with %s', (_, from, to, said) => {
    expect(judgeYaml(spoil(manifest, from, to))).toContain(said);
  });
});
