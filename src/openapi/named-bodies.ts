/** Names the objects that operations take and answer, and choices of them: a generator of clients would invent a name for each, and for each status. */
import { type Json, ref } from './json-schema';

interface Body {
  readonly schema: Json;
}

type Content = Readonly<Record<string, Body>>;

interface Operation {
  readonly operationId: string;
  readonly requestBody?: Json & { readonly content: Content };
  readonly responses: Readonly<Record<string, Json & { readonly content?: Content }>>;
}

const isOperation = (value: unknown): value is Operation =>
  typeof value === 'object' && value !== null && 'operationId' in value;

/** Moves them to `schemas`, under the name of the first operation that has them. */
export function nameBodies(paths: Json): { readonly paths: Json; readonly schemas: Json } {
  const schemas: Record<string, Json> = {};
  const names = new Map<string, string>();

  function toNamed(schema: Json, name: string): Json {
    if (schema.properties === undefined && schema.oneOf === undefined) return schema;
    const key = JSON.stringify(schema);
    const known = names.get(key) ?? name;
    names.set(key, known);
    schemas[known] = schema;
    return ref(known);
  }

  const inContent = (content: Content, name: string): Content =>
    mapValues(content, (body) => ({ ...body, schema: toNamed(body.schema, name) }));

  function inOperation(operation: Operation): Operation {
    const { operationId, requestBody, responses } = operation;
    const stem = `${operationId.charAt(0).toUpperCase()}${operationId.slice(1)}`;
    return {
      ...operation,
      ...(requestBody && {
        requestBody: { ...requestBody, content: inContent(requestBody.content, `${stem}Body`) },
      }),
      responses: mapValues(responses, ({ content, ...response }) => ({
        ...response,
        ...(content && { content: inContent(content, `${stem}Answer`) }),
      })),
    };
  }

  const named = mapValues(paths as Readonly<Record<string, Json>>, (methods) =>
    mapValues(methods, (value) => (isOperation(value) ? inOperation(value) : value)),
  );
  return { paths: named, schemas };
}

function mapValues<From, To>(members: Readonly<Record<string, From>>, map: (value: From) => To): Record<string, To> {
  return Object.fromEntries(Object.entries(members).map(([key, value]) => [key, map(value)]));
}
