/** Checks answers against the published document: a status that it names for the operation, and a body of its schema. */
import Ajv2020, { type ValidateFunction } from 'ajv/dist/2020';
import addFormats from 'ajv-formats';
import { protocols } from '../../src/app/protocols';
import { createOpenApi } from '../../src/documents/openapi';
import { normalizePath } from '../../src/http/router';
import { readSamples } from '../../src/model/acceptance/golden-samples';
import { readCard } from '../../src/model/card/card';
import type { Reply } from '../client';
import { modelDirectory } from '../model-files';

interface Operation {
  readonly responses: Readonly<
    Record<string, { readonly content?: Readonly<Record<string, { readonly schema: { readonly $ref?: string } }>> }>
  >;
}

export interface OpenApi {
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, object>> };
}

/** The document of the model that the tests serve. */
export const openApi = createOpenApi(
  protocols,
  readCard(modelDirectory).card,
  readSamples(modelDirectory),
) as unknown as OpenApi;

const root = 'https://example.com/openapi.json';

/** OpenAPI has keywords of its own. Each file of tests compiles anew, most schemas for a few answers: quickly, then. */
const quick = {
  strict: false,
  allErrors: true,
  validateSchema: false,
  inlineRefs: false,
  code: { optimize: false },
} as const;

const toPointer = (keys: readonly string[]) =>
  keys.map((key) => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');

/** What an answer breaks of what a document says; undefined when all is well, or the document has no such operation. */
export type FindBreach = (method: string, target: string, reply: Reply) => string | undefined;

/** What an answer breaks of that document. */
export const findBreach = createFindBreach(openApi);

export function createFindBreach(document: OpenApi): FindBreach {
  const ajv = addFormats(new Ajv2020(quick));
  ajv.addSchema({ $id: root, ...document });
  const validators = new Map<string, ValidateFunction>();

  function validatorOf(pointer: string): ValidateFunction {
    const known = validators.get(pointer) ?? ajv.compile({ $ref: `${root}#/${pointer}` });
    validators.set(pointer, known);
    return known;
  }

  return (method, target, { status, headers, json }) => {
    const path = normalizePath(target.split('?')[0] ?? '');
    const operation = document.paths[path]?.[method.toLowerCase()];
    if (operation === undefined) return undefined;
    const response = operation.responses[status];
    if (response === undefined) return `${method} ${path} answered ${status}, which is not documented`;
    const type = String(headers['content-type']).split(';')[0] as string;
    const content = response.content?.[type];
    if (content === undefined) return `${method} ${path} answered ${status} with ${type}, which is not documented`;
    if (json === undefined) return undefined;
    const keys = ['paths', path, method.toLowerCase(), 'responses', String(status), 'content', type, 'schema'];
    // Most answers share a few schemas, and those need to be compiled once.
    const validate = validatorOf(content.schema.$ref?.slice('#/'.length) ?? toPointer(keys));
    if (validate(json)) return undefined;
    const errors = ajv.errorsText(validate.errors).slice(0, 1000);
    return `${method} ${path} answered ${status} with a body that breaks its schema: ${errors}`;
  };
}
