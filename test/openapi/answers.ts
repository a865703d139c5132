/** Checks answers against the published document: a status that it names for the operation, and a body of its schema. */
import { join } from 'node:path';
import { runInThisContext } from 'node:vm';
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

/** Jest gives each file of tests modules of its own. These are loaded as without it, and so once for all files. */
const { mainModule } = runInThisContext('process') as { readonly mainModule: NodeJS.Module };
const { validatorsOf } = mainModule.require(join(__dirname, 'validators.cjs')) as typeof import('./validators.cjs');

const problemType = 'application/problem+json';

const toPointer = (keys: readonly string[]) =>
  keys.map((key) => encodeURIComponent(key.replaceAll('~', '~0').replaceAll('/', '~1'))).join('/');

/** A problem repeats the status of its answer, which its schema, one for all, cannot say. */
function findOtherStatus(type: string, status: number, json: unknown): string | undefined {
  const { status: named } = json as { readonly status?: unknown };
  return type !== problemType || named === status ? undefined : `its status is ${named}`;
}

/** What an answer breaks of what a document says; undefined when all is well, or the document has no such operation. */
export type FindBreach = (method: string, target: string, reply: Reply) => string | undefined;

/** What an answer breaks of that document. */
export const findBreach = createFindBreach(openApi);

export function createFindBreach(document: OpenApi): FindBreach {
  const findErrors = validatorsOf(JSON.stringify(document));

  return (method, target, { status, headers, json }) => {
    const path = normalizePath(target.split('?')[0] ?? '');
    const operation = document.paths[path]?.[method.toLowerCase()];
    if (operation === undefined) return undefined;
    const response = operation.responses[status];
    if (response === undefined) return `${method} ${path} answered ${status}, which is not documented`;
    if (response.content === undefined && headers['content-type'] === undefined) return undefined;
    const type = String(headers['content-type']).split(';')[0] as string;
    const content = response.content?.[type];
    if (content === undefined) return `${method} ${path} answered ${status} with ${type}, which is not documented`;
    if (json === undefined) return undefined;
    const keys = ['paths', path, method.toLowerCase(), 'responses', String(status), 'content', type, 'schema'];
    // Most answers share a few schemas, and those need to be compiled once.
    const { $ref = `#/${toPointer(keys)}` } = content.schema;
    const errors = findErrors($ref.slice('#/'.length), json) ?? findOtherStatus(type, status, json);
    return errors === undefined
      ? undefined
      : `${method} ${path} answered ${status} with a body that breaks its schema: ${errors}`;
  };
}
