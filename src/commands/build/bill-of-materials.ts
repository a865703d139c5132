/**
 * Deploy build step: writes `dist/sbom.cdx.json`, a CycloneDX bill of materials of the runtime packages.
 *
 * npm's `--omit=dev` also omits runtime packages that a development dependency needs (npm 11.19), so development packages
 * are filtered here.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';

interface Component {
  readonly 'bom-ref': string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

interface Bill {
  readonly components: readonly Component[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

const root = join(__dirname, '../../..');

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

const text = execFileSync('npm', ['sbom', '--sbom-format=cyclonedx'], {
  cwd: root,
  encoding: 'utf8',
  maxBuffer: 2 ** 26,
});
const written = JSON.stringify(leaveOutDevelopment(JSON.parse(text) as Bill), null, 1);
writeFileSync(join(root, 'dist/sbom.cdx.json'), `${written}\n`);
