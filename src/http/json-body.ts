/** Parses a request body as JSON: checks the media type, then encoding and syntax. */
import type { JsonLimits } from '../json/limits';
import { type ParseText, parseJson } from '../json/parse';
import { Problem } from '../problem';
import type { Work } from '../turns';
import type { HttpRequest } from './message';

const jsonType = /^application\/(?:[\w.-]+\+)?json$/;
const readableCharsets = /^"?(?:utf-?8|us-ascii)"?$/i;

/** Parses the body as JSON. A missing content-type is accepted: several client libraries send none. */
export function parseJsonBody(
  { headers, body }: Pick<HttpRequest, 'headers' | 'body'>,
  limits: JsonLimits,
  parseText?: ParseText,
): Work<unknown> {
  checkContentType(headers['content-type']);
  return parseJson(body, limits, parseText);
}

/** `application/octet-stream` means the same as no type (RFC 9110, 8.3); Triton's asyncio client sends JSON with it. */
function isUnspecified(type: string): boolean {
  return type === '' || type.toLowerCase() === 'application/octet-stream';
}

/** For what clients send for a text without a type of its own. */
const typeHints: Readonly<Record<string, string>> = {
  'text/plain': ' In fetch(), set headers: { "content-type": "application/json" }.',
  'application/x-www-form-urlencoded': " With curl, add -H 'content-type: application/json'.",
};

function checkContentType(contentType: string | undefined): void {
  if (contentType === undefined || contentType === 'application/json') return;
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim());
  if (!jsonType.test(type.toLowerCase()) && !isUnspecified(type)) {
    const got = JSON.stringify(type.slice(0, 80));
    const hint = typeHints[type.toLowerCase()] ?? '';
    throw new Problem('unsupported-media-type', `Expected content-type: application/json, got ${got}.${hint}`);
  }
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.split('=');
    if (name.toLowerCase() === 'charset' && !readableCharsets.test(value)) {
      throw new Problem('unsupported-media-type', `Expected charset=utf-8, got ${JSON.stringify(value.slice(0, 80))}.`);
    }
  }
}
