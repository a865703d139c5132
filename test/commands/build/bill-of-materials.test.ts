/** The bill of materials that `gcp-build` writes names what runs, and nothing of what only builds and tests. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
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
    readonly components: readonly { readonly name: string; readonly version: string; readonly purl: string }[];
  };
  expect(bomFormat).toBe('CycloneDX');
  const listed = components.map(({ name, version }) => `${name}@${version}`);
  const spell = (packages: Readonly<Record<string, string>>) =>
    Object.entries(packages).map(([name, version]) => `${name}@${version}`);
  expect(listed).toEqual(expect.arrayContaining(spell(manifest.dependencies)));
  // The framework itself brings types, as some development dependencies are.
  const tools = spell(manifest.devDependencies).filter((each) => !each.startsWith('@types/'));
  expect(tools.filter((each) => listed.includes(each))).toEqual([]);
  for (const { purl } of components) expect(purl).toMatch(/^pkg:npm\//);
});
