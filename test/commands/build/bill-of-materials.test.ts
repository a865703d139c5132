/** The bill of materials that `gcp-build` writes names what runs, and nothing of what only builds and tests. */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { card, modelDirectory } from '../../model-files';
import { projectDirectory } from '../../processes';

interface Manifest {
  readonly dependencies: Readonly<Record<string, string>>;
  readonly devDependencies: Readonly<Record<string, string>>;
}

const manifest = JSON.parse(readFileSync(join(projectDirectory, 'package.json'), 'utf8')) as Manifest;

test('the bill of materials is CycloneDX and has the dependencies with their versions', () => {
  const write = "require('./dist/commands/build/bill-of-materials').writeBillOfMaterials()";
  execFileSync(process.execPath, ['-e', write], { cwd: projectDirectory });
  const text = readFileSync(join(projectDirectory, 'dist/sbom.cdx.json'), 'utf8');
  const { bomFormat, components } = JSON.parse(text) as {
    readonly bomFormat: string;
    readonly components: readonly {
      readonly type: string;
      readonly name: string;
      readonly version: string;
      readonly purl?: string;
      readonly modelCard?: { readonly modelParameters: object };
    }[];
  };
  expect(bomFormat).toBe('CycloneDX');
  const listed = components.map(({ name, version }) => `${name}@${version}`);
  const spell = (packages: Readonly<Record<string, string>>) =>
    Object.entries(packages).map(([name, version]) => `${name}@${version}`);
  expect(listed).toEqual(expect.arrayContaining(spell(manifest.dependencies)));
  // The framework itself brings types, as some development dependencies are.
  const tools = spell(manifest.devDependencies).filter((each) => !each.startsWith('@types/'));
  expect(tools.filter((each) => listed.includes(each))).toEqual([]);
  const fromNpm = components.filter(({ type }) => type !== 'machine-learning-model');
  for (const { purl } of fromNpm) expect(purl).toMatch(/^pkg:npm\//);
  const models = components.filter(({ type }) => type === 'machine-learning-model');
  expect(models).toEqual([
    expect.objectContaining({
      name: card.name,
      version: card.version,
      hashes: [{ alg: 'SHA-256', content: sha256(readFileSync(join(modelDirectory, 'model.onnx'))) }],
    }),
  ]);
  expect(models[0]?.modelCard?.modelParameters).toEqual({
    task: expect.any(String),
    inputs: card.inputs.map(({ name }) => ({ format: expect.stringContaining(`${name}: `) })),
    outputs: expect.any(Array),
  });
});

function sha256(bytes: Buffer): string {
  return createHash('sha256').update(bytes).digest('hex');
}
