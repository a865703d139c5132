/**
 * `dist/sbom.cdx.json`: a CycloneDX bill of materials of the runtime packages, bundled or not, and of the model.
 *
 * npm's `--omit=dev` also omits runtime packages that a development dependency needs (npm 11.19), so development packages
 * are filtered here.
 */
import { execFileSync } from 'node:child_process';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../config';
import { readCard } from '../../model/card/card';
import { type ModelComponent, toModelComponent } from './model-component';
import { dist, root } from './paths';

interface Component {
  readonly 'bom-ref': string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
}

interface Bill {
  readonly components: readonly (Component | ModelComponent)[];
  readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
}

function isOfDevelopment(component: Component | ModelComponent): boolean {
  const properties = 'properties' in component ? (component.properties ?? []) : [];
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
  const bill = leaveOutDevelopment(JSON.parse(text) as Bill);
  const model = toModelComponent(readCard(readConfig().modelDirectory).card);
  const written = JSON.stringify({ ...bill, components: [...bill.components, model] });
  writeFileSync(join(dist, 'sbom.cdx.json'), `${written}\n`);
}
