/**
 * `dist/sbom.cdx.json`: a CycloneDX bill of materials of the runtime packages, bundled or not.
 *
 * npm's `--omit=dev` also omits runtime packages that a development dependency needs (npm 11.19), so development packages
 * are filtered here.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { dist, root } from './paths';

interface Component {
  readonly 'bom-ref': string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

interface Bill {
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

function isOfDevelopment({ properties = [] }: Component): boolean {
  return properties.some(({ name, value }) => name === 'cdx:npm:package:development' && value === 'true');
}

function leaveOutDevelopment(bill: Bill): Bill {
  const left = new Set(bill.components.filter(isOfDevelopment).map((component) => component['bom-ref']));
  return {
    ...bill,
    components: bill.components.filter((component) => !left.has(component['bom-ref'])),
    dependencies: bill.dependencies
      .filter(({ ref }) => !left.has(ref))
      .map(({ ref, dependsOn }) => ({ ref, dependsOn: dependsOn.filter((each) => !left.has(each)) })),
  };
}

export function writeBillOfMaterials(): void {
  const text = execFileSync('npm', ['sbom', '--sbom-format=cyclonedx'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  const written = JSON.stringify(leaveOutDevelopment(JSON.parse(text) as Bill));
  writeFileSync(join(dist, 'sbom.cdx.json'), `${written}\n`);
}
