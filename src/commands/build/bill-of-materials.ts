/**
 * `dist/sbom.cdx.json`: a CycloneDX bill of materials of the runtime packages, bundled or not, and of the model.
 *
 * npm's `--omit=dev` also omits runtime packages that a development dependency needs (npm 11.19), so development packages
 * are filtered here.
 */
import { execFileSync } from 'node:child_process';
import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { readConfig } from '../../config';
import { readCard } from '../../model/card/card';
import { type ModelComponent, toModelComponent } from './model-component';
import { dist, root } from './paths';

interface Component {
  readonly 'bom-ref': string;
  readonly properties?: readonly { readonly name: string; readonly value: string }[];
  readonly externalReferences?: readonly { readonly type: string; readonly url: string }[];
}

interface Bill {
  readonly metadata: { readonly component: Component & { readonly name: string } };
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

/** npm copies addresses as Git takes them, which are no URLs: git@github.com:owner/name.git. */
function spellAddresses(component: Component): Component {
  const { externalReferences = [] } = component;
  const spell = (url: string) => url.replace(/^([\w.-]+@[\w.-]+):(?!\/\/)/, 'ssh://$1/');
  return {
    ...component,
    externalReferences: externalReferences.map((reference) => ({ ...reference, url: spell(reference.url) })),
  };
}

/** npm calls the whole by the name of its directory, which is /app in an image. */
function nameWhole({ metadata, ...bill }: Bill): Bill {
  const { name } = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as { readonly name: string };
  return { ...bill, metadata: { ...metadata, component: { ...metadata.component, name } } };
}

/** The whole depends on its model as on its packages. */
function addModel({ components, dependencies, ...bill }: Bill, model: ModelComponent) {
  const [whole, ref] = [bill.metadata.component['bom-ref'], model['bom-ref']];
  return {
    ...bill,
    components: [...components.map(spellAddresses), model],
    dependencies: [
      ...dependencies.map((each) => (each.ref === whole ? { ...each, dependsOn: [...each.dependsOn, ref] } : each)),
      { ref, dependsOn: [] },
    ],
  };
}

export function writeBillOfMaterials(): void {
  const text = execFileSync('npm', ['sbom', '--sbom-format=cyclonedx'], {
    cwd: root,
    encoding: 'utf8',
    maxBuffer: 2 ** 26,
  });
  const bill = nameWhole(leaveOutDevelopment(JSON.parse(text) as Bill));
  const model = toModelComponent(readCard(readConfig().modelDirectory).card);
  writeFileSync(join(dist, 'sbom.cdx.json'), `${JSON.stringify(addModel(bill, model))}\n`);
}
