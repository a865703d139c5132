/** Clients that others' generators make from the document compile and predict, and linters find nothing to mend in it. */
import { execFile } from 'node:child_process';
import { symlinkSync, writeFileSync } from 'node:fs';
import { delimiter, dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { projectDirectory } from '../processes';
import { requirements } from '../tools.cjs';
import { setUpPackages } from './node-packages';
import { setUpPython } from './python';
import { type ServedDocument, serveDocument } from './served-document';

const run = promisify(execFile);
const generated = join(projectDirectory, 'test/clients/generated');
const packages = setUpPackages(generated);
const python = setUpPython(requirements.generated);
/** Linters must neither phone home nor ask for updates. */
const silent = { ...process.env, REDOCLY_TELEMETRY: 'off', REDOCLY_SUPPRESS_UPDATE_NOTICE: 'true' };

let served: ServedDocument;
let directory: string;
let file: string;
beforeAll(async () => {
  served = await serveDocument();
  ({ directory, file } = served);
});
afterAll(() => served.stop());

describe('In TypeScript', () => {
  if ('missing' in packages) {
    test.skip(`nothing is generated: ${packages.missing}`, () => undefined);
    return;
  }
  const bin = join(packages.directory, 'node_modules/.bin');
  const options = ['--strict', '--exactOptionalPropertyTypes', '--target', 'es2022', '--module', 'preserve'];

  beforeAll(async () => {
    symlinkSync(join(packages.directory, 'node_modules'), join(directory, 'node_modules'));
    writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
    await run(join(bin, 'openapi-typescript'), [file, '--output', 'iris.ts'], { cwd: directory });
  });

  test('the client of the guide compiles and predicts; an unknown feature and another label do not compile', async () => {
    const { program, answer } = served.programIn('ts', 'openapi-fetch');
    writeFileSync(join(directory, 'predict.ts'), program);
    writeFileSync(join(directory, 'feature.ts'), program.replace('petal_width', 'petal_wide'));
    writeFileSync(join(directory, 'label.ts'), program.replace('label)', "label === 'rose')"));
    const found = await run(join(bin, 'tsc'), [...options, 'predict.ts', 'feature.ts', 'label.ts'], {
      cwd: directory,
    }).catch((failure: { readonly stdout: string }) => failure);
    expect([...found.stdout.matchAll(/^(\w+)\.ts\(\d+,\d+\): error/gm)].map(([, name]) => name)).toEqual([
      'feature',
      'label',
    ]);
    const { stdout } = await run(process.execPath, ['predict.js'], { cwd: directory });
    expect(JSON.parse(stdout)).toEqual(answer);
  });

  test('Redocly finds nothing to mend', async () => {
    const { stdout } = await run(join(bin, 'redocly'), ['lint', file, '--extends=recommended', '--format=json'], {
      cwd: directory,
      env: silent,
    });
    expect((JSON.parse(stdout) as { readonly problems: readonly unknown[] }).problems).toEqual([]);
  });

  test('Spectral finds nothing to mend', async () => {
    const ruleset = join(generated, 'spectral.yaml');
    const { stdout } = await run(join(bin, 'spectral'), ['lint', file, '--ruleset', ruleset, '--fail-severity=hint'], {
      cwd: directory,
    });
    expect(stdout).toContain("No results with a severity of 'hint' or higher found!");
  });
});

describe('In Python', () => {
  if ('missing' in python) {
    test.skip(`nothing is generated: ${python.missing}`, () => undefined);
    return;
  }
  const bin = dirname(python.python);

  test('the client of the guide is whole and predicts', async () => {
    const path = `${bin}${delimiter}${process.env.PATH}`;
    const parameters = ['generate', '--path', file, '--output-path', 'iris_client', '--meta', 'none'];
    const { stdout, stderr } = await run(join(bin, 'openapi-python-client'), parameters, {
      cwd: directory,
      env: { ...process.env, PATH: path },
    });
    const complaints = `${stdout}${stderr}`.split('\n').filter((line) => /unable|cannot|unsupported/i.test(line));
    // It knows no tables.
    expect(
      complaints.filter(
        (line) =>
          !/^Unsupported content type (text\/csv|application\/(jsonlines|vnd\.apache\.arrow\.stream))$/.test(line),
      ),
    ).toEqual([]);
    const { program, answer } = served.programIn('python');
    const printed = await run(python.python, ['-c', program], { cwd: directory });
    expect(JSON.parse(printed.stdout)).toEqual(answer);
  });
});
