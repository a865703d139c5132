/** Generators of clients take the document: operations have names, schemas are objects, arrays say of what. */
import { protocols } from '../../src/app/protocols';
import { createOpenApi } from '../../src/documents/openapi';
import { everyModel } from '../every-model';

type Json = Readonly<Record<string, unknown>>;

const isObject = (value: unknown): value is Json => typeof value === 'object' && value !== null;
const schemaLists = ['anyOf', 'oneOf', 'allOf', 'prefixItems'];
const schemaMaps = ['properties', 'schemas'];
const schemas = ['items', 'contains', 'not', 'schema'];

/** Faults of the schemas within a part of a document; `at` is its place. */
function findFaults(part: unknown, at: string): string[] {
  if (!isObject(part)) return [];
  const isArray = [part.type].flat().includes('array');
  const isOpen = isArray && part.items === undefined ? [`${at}: an array of what?`] : [];
  return isOpen.concat(
    Object.entries(part).flatMap(([key, value]) => {
      const place = `${at}/${key}`;
      if (key === 'example' || key === 'examples' || key === 'enum') return [];
      const within = schemaLists.includes(key) || schemaMaps.includes(key) ? Object.entries(value as Json) : [];
      const odd = schemas.includes(key) && !isObject(value) ? [`${place}: no object`] : [];
      return [
        ...odd,
        ...within.filter(([, schema]) => !isObject(schema)).map(([name]) => `${place}/${name}: no object`),
        ...findFaults(value, place),
      ];
    }),
  );
}

interface Operation {
  readonly operationId?: string;
}

/** Where a part of a document lists a boolean: Java has no enumeration of them. */
function findListedBooleans(part: unknown, at: string): string[] {
  if (!isObject(part)) return [];
  const listed = [part.enum, [part.const]].flat().some((value) => typeof value === 'boolean');
  const within = Object.entries(part).filter(([key]) => !['example', 'examples', 'not'].includes(key));
  return [...(listed ? [at] : []), ...within.flatMap(([key, value]) => findListedBooleans(value, `${at}/${key}`))];
}

const stemOf = ({ operationId = '' }: Operation) => `${operationId.charAt(0).toUpperCase()}${operationId.slice(1)}`;

/** Bodies that are objects, or choices of them, without a name. */
function findNameless(operations: readonly Operation[]): string[] {
  return operations.flatMap((operation) => {
    const { requestBody, responses = {} } = operation as { readonly requestBody?: Json; readonly responses?: Json };
    const bodies = [requestBody, ...Object.values(responses)].filter(isObject);
    return bodies.flatMap(({ content = {} }) =>
      Object.values(content as Json).flatMap((body) =>
        isObject(body) && isObject(body.schema) && (body.schema.properties ?? body.schema.oneOf) !== undefined
          ? [`${operation.operationId}: ${JSON.stringify(body.schema)}`]
          : [],
      ),
    );
  });
}

describe.each(everyModel)('The document of $name', ({ card, samples }) => {
  const document = createOpenApi(protocols, card, samples, [card.version, 'another']);
  const operations = Object.values(document.paths as Readonly<Record<string, Json>>).flatMap((methods) =>
    (Object.values(methods) as Operation[]).filter(({ operationId }) => operationId !== undefined),
  );

  test('names each operation once', () => {
    const names = operations.map(({ operationId }) => operationId);
    expect(names.filter((name) => !/^[a-z][A-Za-z0-9]+$/.test(name ?? ''))).toEqual([]);
    expect(new Set(names).size).toBe(names.length);
  });

  test('has schemas that are objects, and arrays that say of what', () => {
    expect(findFaults(document, '')).toEqual([]);
  });

  test('has names for the objects that operations take and answer, and each once', () => {
    const named = Object.entries((document.components as { readonly schemas: Json }).schemas);
    expect(named.filter(([name]) => !/^[A-Z][A-Za-z0-9]+$/.test(name))).toEqual([]);
    expect(findNameless(operations)).toEqual([]);
    const ofOperations = named.filter(([name]) => operations.some((each) => name.startsWith(stemOf(each))));
    const texts = ofOperations.map(([, schema]) => JSON.stringify(schema));
    expect(new Set(texts).size).toBe(texts.length);
  });

  test('has no schema with a name that generators give to what an operation takes or answers', () => {
    const names = Object.keys((document.components as { readonly schemas: Json }).schemas);
    const taken = operations.flatMap((each) => [`${stemOf(each)}Request`, `${stemOf(each)}Response`]);
    expect(names.filter((name) => taken.includes(name))).toEqual([]);
  });

  test('lists no booleans', () => {
    expect(findListedBooleans(document, '')).toEqual([]);
  });

  test('names operations after what they do, and not after a version that the next deploy does not have', () => {
    const others = createOpenApi(protocols, { ...card, version: '99' }, samples, ['99', '98']);
    const idsOf = (paths: unknown) =>
      Object.values(paths as Readonly<Record<string, Json>>).flatMap((methods) =>
        Object.values(methods).map((operation) => (operation as Json).operationId),
      );
    expect(idsOf(others.paths)).toEqual(idsOf(document.paths));
  });
});
