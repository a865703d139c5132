/** The bill of materials is CycloneDX for the project's own validator, by its strict schema. */
import { execFileSync, spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { modelDirectory } from '../model-files';
import { projectDirectory } from '../processes';
import { requirements } from '../tools.cjs';
import { setUpPython } from './python';

const python = setUpPython(requirements.billOfMaterials);
const bill = join(projectDirectory, 'dist/sbom.cdx.json');
const { name } = JSON.parse(readFileSync(join(projectDirectory, 'package.json'), 'utf8')) as { readonly name: string };

/** Prints the first fault of a bill, or nothing. */
const validate = `
import json, sys
from cyclonedx.schema import SchemaVersion
from cyclonedx.validation.json import JsonStrictValidator
text = open(sys.argv[1]).read()
version = SchemaVersion["V" + json.loads(text)["specVersion"].replace(".", "_")]
fault = JsonStrictValidator(version).validate_str(text)
if fault is not None:
    print(fault)`;

beforeAll(() => {
  const write = "require('./dist/commands/build/bill-of-materials').writeBillOfMaterials()";
  execFileSync(process.execPath, ['-e', write], { cwd: projectDirectory });
});

if ('missing' in python) test.skip(`The bill of materials is not validated: ${python.missing}`, () => undefined);
else
  test('The bill of materials has no fault', () => {
    const { stdout, stderr } = spawnSync(python.python, ['-c', validate, bill], { encoding: 'utf8' });
    expect([stdout, stderr]).toEqual(['', '']);
  });

test('The bill of materials has the name of the package, the model among what it depends on, and its card', () => {
  const { metadata, components, dependencies } = JSON.parse(readFileSync(bill, 'utf8')) as {
    readonly metadata: { readonly component: { readonly name: string; readonly 'bom-ref': string } };
    readonly components: readonly { readonly type: string; readonly 'bom-ref': string; readonly modelCard: object }[];
    readonly dependencies: readonly { readonly ref: string; readonly dependsOn: readonly string[] }[];
  };
  const card = JSON.parse(readFileSync(join(modelDirectory, 'card.json'), 'utf8')) as Record<string, object>;
  const model = components.find(({ type }) => type === 'machine-learning-model');
  expect(metadata.component.name).toBe(name);
  expect(dependencies.find(({ ref }) => ref === metadata.component['bom-ref'])?.dependsOn).toContain(
    model?.['bom-ref'],
  );
  expect(model?.modelCard).toMatchObject({
    considerations: { useCases: [card.intendedUse], technicalLimitations: card.limits },
    quantitativeAnalysis: { performanceMetrics: expect.any(Array) },
  });
});
