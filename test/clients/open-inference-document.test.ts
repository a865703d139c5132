/** The OpenAPI document of the Open Inference Protocol, as MLServer publishes it, describes each answer over HTTP; run where REFEREES=all asks for it. */

import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import Ajv from 'ajv';
import { describeEachHost } from '../hosts';
import { card, goodInstance } from '../model-files';
import { setUpPython } from './python';

/** The components of the document, which MLServer's package has in it. */
function readComponents(): object {
  const python = setUpPython(join(__dirname, 'grpc/mlserver/requirements.txt'));
  if ('missing' in python) throw new Error(python.missing);
  const find =
    'import importlib.util; print(importlib.util.find_spec("mlserver").submodule_search_locations[0], end="")';
  const directory = execFileSync(python.python, ['-c', find], { encoding: 'utf8' });
  const document = readFileSync(join(directory, 'rest/openapi/dataplane.json'), 'utf8');
  // A type that JSON does not have, as an alternative to an array.
  const withoutBytes = (_: string, value: unknown) =>
    (value as { readonly type?: unknown } | null)?.type === 'bytes' ? false : value;
  return (JSON.parse(document, withoutBytes) as { readonly components: object }).components;
}

const isWanted = process.env.REFEREES === 'all';
if (!isWanted)
  test.skip('The document of the Open Inference Protocol is not read: set REFEREES=all (gigabytes of packages)', () =>
    undefined);
else
  describeEachHost('By the document of the Open Inference Protocol', (host) => {
    const ajv = new Ajv({ strict: false, allErrors: true }).addSchema({ components: readComponents() }, 'protocol');

    function faultsOf(schema: string, value: unknown): unknown {
      const validate = ajv.getSchema(`protocol#/components/schemas/${schema}`);
      if (validate === undefined) throw new Error(`The document has no schema ${schema}.`);
      return validate(value) ? [] : validate.errors;
    }

    const [spec] = card.inputs;
    const input = { name: spec?.name, shape: [1, goodInstance.length], datatype: 'FP32', data: goodInstance };
    const headers = { 'content-type': 'application/json' };
    const infer = { headers, body: JSON.stringify({ id: 'one', inputs: [input] }) };
    const broken = { headers, body: JSON.stringify({ inputs: [{ ...input, shape: [2] }] }) };
    const model = `/v2/models/${card.name}`;

    test.each([
      ['GET', '/v2', undefined, 200, 'MetadataServerResponse'],
      ['GET', model, undefined, 200, 'MetadataModelResponse'],
      ['GET', '/v2/models/other', undefined, 404, 'MetadataModelErrorResponse'],
      ['POST', `${model}/infer`, infer, 200, 'InferenceResponse'],
      ['POST', `${model}/infer`, broken, 400, 'InferenceErrorResponse'],
    ])('%s %s (%#)', async (method, path, settings, status, schema) => {
      const answer = await host.request(method, path, settings);
      expect([answer.status, faultsOf(schema, answer.json)]).toEqual([status, []]);
    });

    test.each(['/v2/health/live', '/v2/health/ready', `${model}/ready`])('GET %s has the status', async (path) => {
      expect((await host.request('GET', path)).status).toBe(200);
    });

    test('an answer without its outputs would be refused', async () => {
      const { json } = await host.request('POST', `${model}/infer`, infer);
      expect(faultsOf('InferenceResponse', { ...(json as object), outputs: undefined })).not.toEqual([]);
    });
  });
