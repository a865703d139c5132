/** `GET /docs`: the OpenAPI document as a page for people: operations by tag, each with its bodies, then the schemas. */
import type { HttpReply } from '../http/message';
import type { Json } from '../openapi/json-schema';
import { toCode, toPage } from './plain-page';
import { type Content, type Html, html } from './playground/html';

interface Body {
  readonly schema?: Json;
  readonly example?: unknown;
  readonly examples?: Readonly<Record<string, { readonly value: unknown }>>;
}

type Bodies = Readonly<Record<string, Body>>;

interface Parameter {
  readonly name: string;
  readonly in: string;
  readonly description?: string;
}

interface Operation {
  readonly operationId: string;
  readonly summary: string;
  readonly tags: readonly string[];
  readonly parameters?: readonly Parameter[];
  readonly requestBody?: { readonly description: string; readonly content: Bodies };
  readonly responses: Readonly<Record<string, { readonly description: string; readonly content?: Bodies }>>;
}

interface Listed {
  readonly name: string;
  readonly operation: Operation;
}

interface Document {
  readonly info: { readonly title: string; readonly version: string; readonly description: string };
  readonly tags: readonly { readonly name: string; readonly description?: string }[];
  readonly paths: Readonly<Record<string, Readonly<Record<string, Operation>>>>;
  readonly components: { readonly schemas: Readonly<Record<string, Json>> };
}

const methods = ['get', 'post'];

export function describeApi(document: Json): HttpReply {
  const { info, tags, paths, components } = document as unknown as Document;
  const operations = Object.entries(paths).flatMap(([path, item]) =>
    methods.flatMap((method): Listed[] => {
      const operation = item[method];
      return operation === undefined ? [] : [{ name: `${method.toUpperCase()} ${path}`, operation }];
    }),
  );
  const sections = tags.map(({ name, description = '' }) => {
    const own = operations.filter(({ operation }) => operation.tags.includes(name));
    return html`<h2>${name}</h2><p>${description}</p>${own.map(toOperation)}`;
  });
  const schemas = Object.entries(components.schemas).map(([name, schema]) =>
    toFolded(html`<code>${name}</code>`, toSchemaId(name), html`${toText(schema.description)}${toJson(schema)}`),
  );
  const content = html`<p>${info.description}</p>
<p>Version ${info.version}. For programs: <a href="openapi.json">OpenAPI 3.1</a>. To try it: <a href="./">the page of the model</a>.</p>
${sections}<h2>Schemas</h2>${schemas}`;
  return toPage(info.title, `The API of ${info.title}: paths, bodies, answers.`, content);
}

/** The id is inside, so that a link to it opens what is folded. */
function toFolded(title: Html, id: string, content: Html): Html {
  return html`<details><summary>${title}</summary><div id="${id}">${content}</div></details>`;
}

function toOperation({ name, operation }: Listed): Html {
  const { operationId, summary, parameters = [], requestBody, responses } = operation;
  const taken =
    requestBody && html`<h3>Body</h3><p>${toCode(requestBody.description)}</p>${toBodies(requestBody.content)}`;
  const fields = parameters.map(
    (each) => html`<dt><code>${each.name}</code> (${each.in})</dt><dd>${toCode(each.description ?? '')}</dd>`,
  );
  const answers = Object.entries(responses).map(
    ([status, { description, content }]) =>
      html`<dt>${status}</dt><dd>${toCode(description)} ${content && toBodies(content)}</dd>`,
  );
  return toFolded(
    html`<code>${name}</code> ${summary}`,
    operationId,
    html`${fields.length > 0 ? html`<h3>Parameters</h3><dl>${fields}</dl>` : undefined}${taken}<h3>Answers</h3><dl>${answers}</dl>`,
  );
}

/** Each media type with its schema, and the first example. */
function toBodies(bodies: Bodies): Content {
  return Object.entries(bodies).map(([type, { schema = {}, example, examples = {} }]) => {
    const shown = example ?? Object.values(examples)[0]?.value;
    const text = typeof shown === 'string' ? shown : JSON.stringify(shown, undefined, 1);
    return html`<p><code>${type}</code>: ${toType(schema)}</p>${shown === undefined ? undefined : toPre(text)}`;
  });
}

/** A schema in a few words, with links to those that it names. */
function toType(schema: Json): Content {
  const { $ref, anyOf, oneOf = anyOf, type, items } = schema;
  if (typeof $ref === 'string') return toLink($ref);
  if (Array.isArray(oneOf))
    return (oneOf as Json[]).map((each, i) => html`${i > 0 ? ' or ' : undefined}${toType(each)}`);
  if (type === 'array') return html`array of ${toType(items as Json)}`;
  return typeof type === 'string' ? type : 'any value';
}

const inSchemas = '#/components/schemas/';
const toSchemaId = (name: string) => `schema-${name}`;

function toLink(pointer: string): Html {
  const name = pointer.slice(inSchemas.length);
  return html`<a href="#${toSchemaId(name)}">${name}</a>`;
}

function toText(description: unknown): Content {
  return typeof description === 'string' ? html`<p>${toCode(description)}</p>` : undefined;
}

/** JSON in which the names of other schemas are links. */
function toJson(schema: Json): Html {
  const parts = JSON.stringify(schema, undefined, 1).split(/"(#\/components\/schemas\/[^"]+)"/);
  return toPre(parts.map((part, i) => (i % 2 === 1 ? html`"${toLink(part)}"` : part)));
}

/** Wide text scrolls, by the keyboard as well. */
function toPre(content: Content): Html {
  return html`<pre tabindex="0">${content}</pre>`;
}
