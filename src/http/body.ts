/** Request body to JSON: media type, encoding of the text and syntax, each with its own answer. */
import { isUtf8 } from 'node:buffer';
import { Problem } from '../problem';
import type { HttpRequest } from './message';

const jsonType = /^application\/(?:[\w.-]+\+)?json$/;
const readableCharsets = /^"?(?:utf-?8|us-ascii)"?$/i;

/** Parses the body as JSON. A request without a content type is taken at its word: several client libraries send none. */
export function parseJsonBody({ headers, body }: HttpRequest): unknown {
  const contentType = headers['content-type'];
  if (contentType !== undefined && contentType !== 'application/json') checkContentType(contentType);
  if (body.length === 0) throw new Problem('malformed-body', 'Expected a JSON object, came an empty body.');
  if (!isUtf8(body)) throw new Problem('malformed-body', 'Expected UTF-8 text, came bytes that are not valid UTF-8.');
  try {
    return JSON.parse(body.toString());
  } catch (cause) {
    throw new Problem('malformed-body', `Expected JSON: ${syntaxDetail(cause)}.`, { cause });
  }
}

function checkContentType(contentType: string): void {
  const [type = '', ...parameters] = contentType.split(';').map((part) => part.trim());
  if (!jsonType.test(type.toLowerCase())) {
    throw new Problem(
      'unsupported-media-type',
      `Expected content-type: application/json, came ${JSON.stringify(type.slice(0, 80))}.`,
    );
  }
  for (const parameter of parameters) {
    const [name = '', value = ''] = parameter.split('=');
    if (name.toLowerCase() === 'charset' && !readableCharsets.test(value)) {
      throw new Problem(
        'unsupported-media-type',
        `Expected charset=utf-8, came ${JSON.stringify(value.slice(0, 80))}.`,
      );
    }
  }
}

/** The parser's own words say where the text goes wrong; they quote a few characters of the body at most. */
function syntaxDetail(cause: unknown): string {
  return cause instanceof SyntaxError
    ? cause.message.replace(/ is not valid JSON$/, '').replace(/\s+/g, ' ')
    : 'the text cannot be parsed';
}
