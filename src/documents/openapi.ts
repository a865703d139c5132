/** `GET /openapi.json`: OpenAPI 3.1 of this exact deployment, merged from the parts of its protocols. */
import { type Sample, spreadSamples } from '../model/acceptance/golden-samples';
import { toCallersCard } from '../model/card/callers-card';
import type { Card } from '../model/card/card';
import { instanceSchemas } from '../openapi/instance-schemas';
import { either, type Json, ref } from '../openapi/json-schema';
import { nameBodies } from '../openapi/named-bodies';
import { post } from '../openapi/operations';
import type { Carried, Described, OpenApiPart } from '../openapi/part';
import { problemSchemas } from '../openapi/problem-schemas';
import type { Protocol } from '../protocols/shared/protocol';
import { describeTables } from '../protocols/shared/tables/openapi';
import { describeDocuments } from './documents-part';

const exampleCount = 2;
const sharedTag = 'Prediction';
const sharedTagDescription = 'Instances in, predictions out, in the format of each platform.';

const identityToken = 'identityToken';
const identityTokens: Json = {
  description: 'What a private deployment asks for: an identity token of a caller who may invoke it.',
  type: 'http',
  scheme: 'bearer',
  bearerFormat: 'JWT',
};
/** The platform asks for tokens, or does not: nothing in here knows. */
const security = [{}, { [identityToken]: [] }];

/** `versions` are those served, the card's own first. */
export function createOpenApi(
  protocols: readonly Protocol[],
  card: Card,
  samples: readonly Sample[],
  versions: readonly string[] = [card.version],
): Json {
  const { title, version, description } = card;
  const examples = spreadSamples(samples, exampleCount);
  const instances = examples.map(({ instance }) => instance);
  const described: Described = {
    card,
    callersCard: toCallersCard(card),
    instances,
    predictions: examples.map(({ prediction }) => prediction),
    versions,
    otherKeys: (key) => keysOf(protocols).filter((other) => other !== key),
    carried: (name, requests) => carry(protocols, name, requests, instances),
  };
  const ofProtocols = protocols.flatMap(({ describe }) => describe?.(described) ?? []);
  const parts = [describeShared(ofProtocols, described), ...ofProtocols, describeDocuments(described)];
  const { paths, schemas } = nameBodies(mergePaths(parts));
  return {
    openapi: '3.1.0',
    info: { title, version, description, ...licensed(card) },
    servers: [{ url: '/' }],
    security,
    tags: toTags(parts),
    paths,
    components: {
      securitySchemes: { [identityToken]: identityTokens },
      schemas: Object.assign(
        { ...instanceSchemas(card), ...problemSchemas() },
        ...parts.map((part) => part.schemas),
        schemas,
      ),
    },
  };
}

function licensed({ license }: Card): Json {
  return license === undefined ? {} : { license: { name: license, identifier: license } };
}

function toTags(parts: readonly OpenApiPart[]): readonly Json[] {
  const own = parts.flatMap(({ tag, tagDescription }) =>
    tag === undefined ? [] : { name: tag, description: tagDescription },
  );
  return [{ name: sharedTag, description: sharedTagDescription }, ...own];
}

function keysOf(protocols: readonly Protocol[]): readonly string[] {
  return protocols.flatMap(({ envelopes = [] }) => envelopes.map(({ key }) => key));
}

/** A carrier may hold the carriers listed after it, so the last is described first. */
function carry(
  protocols: readonly Protocol[],
  name: string,
  requests: readonly string[],
  instances: readonly unknown[],
): Carried {
  const carriers = protocols.flatMap((protocol) => protocol.carriers ?? []);
  let carried: Carried = { requests, schemas: {}, operation: {}, lists: {} };
  for (const carrier of carriers.toReversed()) {
    const added = carrier.describe(name, carried.requests, instances);
    carried = {
      requests: [...carried.requests, ...added.requests],
      schemas: { ...carried.schemas, ...added.schemas },
      operation: { ...carried.operation, ...added.operation },
      lists: { ...carried.lists, ...added.lists },
    };
  }
  return carried;
}

/** The paths that accept the bodies of all protocols. */
function describeShared(parts: readonly OpenApiPart[], described: Described): OpenApiPart {
  const { carried } = described;
  const tables = describeTables(described);
  const shared = parts.flatMap((part) => part.shared ?? []);
  const body = carried(
    'Any',
    shared.flatMap(({ requests }) => requests),
  );
  const operation = {
    summary: 'Predict in the protocol that the body selects',
    tag: sharedTag,
    request: either(body.requests.map(ref)),
    answer: {
      anyOf: shared.flatMap(({ answer, otherAnswers = [] }) =>
        answer === undefined ? [] : [ref(answer), ...otherAnswers],
      ),
    },
    examples: shared.flatMap(({ examples }) => examples),
    problems: ['Problem', ...shared.flatMap(({ problem }) => problem ?? [])],
    ...body.operation,
    otherBodies: { ...body.operation.otherBodies, ...tables.otherBodies },
    otherAnswers: { ...body.operation.otherAnswers, ...tables.otherAnswers },
  };
  return {
    paths: {
      '/': post({ ...operation, id: 'predictAtRoot', otherBodies: { ...operation.otherBodies, ...body.lists } }),
      '/predict': post({ ...operation, id: 'predictAny' }),
    },
    schemas: body.schemas,
  };
}

/** Merges paths; a path in several parts gets the operations of all. */
function mergePaths(parts: readonly OpenApiPart[]): Json {
  const merged: Record<string, Json> = {};
  for (const { paths } of parts) {
    for (const [path, operations] of Object.entries(paths)) merged[path] = { ...merged[path], ...(operations as Json) };
  }
  return merged;
}
