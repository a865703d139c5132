/** Request body to JSON: media type, then text and syntax, each with its own answer. */
import type { JsonLimits } from '../json/limits';
import { type ParseText, parseJson } from '../json/parse';
import { Problem } from '../problem';
import type { Work } from '../turns';
import type { HttpRequest } from './message';

const jsonType = /^application\/(?:[\w.-]+\+)?json$/;
const readableCharsets = /^"?(?:utf-?8|us-ascii)"?$/i;

/** Parses the body as JSON. A request that says no content type is taken at its word: several client libraries send none. */
export function parseJsonBody(
  { headers, body }: Pick<HttpRequest, 'headers' | 'body'>,
  limits: JsonLimits,
  parseText?: ParseText,
): Work<unknown> {
  checkContentType(headers['content-type']);
  return parseJson(body, limits, parseText);
}

/** Bytes of an unknown kind are what a body is that nothing is said of (RFC 9110, 8.3); Triton's asyncio client sends its JSON so. */
function saysNothing(type: string): boolean {
  return type === '' || type.toLowerCase() === 'application/octet-stream';
}

function checkContentType(contentType: string | undefined): void {
  if (contentType === undefined || contentType === 'application/json') return;
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim());
  if (!jsonType.test(type.toLowerCase()) && !saysNothing(type)) {
    throw new Problem(
      'unsupported-media-type',
      `Expected content-type: application/json, got ${JSON.stringify(type.slice(0, 80))}.`,
    );
  }
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.split('=');
    if (name.toLowerCase() === 'charset' && !readableCharsets.test(value)) {
      throw new Problem('unsupported-media-type', `Expected charset=utf-8, got ${JSON.stringify(value.slice(0, 80))}.`);
    }
  }
}
