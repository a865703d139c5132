/** Request body to JSON: media type, encoding of the text and syntax, each with its own answer. */
import { isUtf8 } from 'node:buffer';
import { Problem, toError } from '../problem';
import { isDeeper } from './json-depth';
import type { Answer, HttpRequest } from './message';

const jsonType = /^application\/(?:[\w.-]+\+)?json$/;
const readableCharsets = /^"?(?:utf-?8|us-ascii)"?$/i;

// Bodies from here on are parsed in turns: the event loop belongs to others too.
const longBodyBytes = 256 * 1024;

export type JsonLimits = Pick<HttpRequest, 'maxJsonDepth'>;

/**
 * Parses the body as JSON. A request without a content type is taken at its word: several client libraries send none.
 *
 * `prepare` sees the text before the parser does.
 */
export function parseJsonBody(request: HttpRequest, prepare?: (text: string) => string): unknown {
  checkContentType(request.headers['content-type']);
  return parseJson(request.body, request, prepare);
}

export function parseJson(bytes: Buffer, limits: JsonLimits, prepare = (text: string) => text): unknown {
  checkText(bytes, limits);
  try {
    return JSON.parse(prepare(bytes.toString()));
  } catch (cause) {
    throw malformed(cause);
  }
}

/** Like `parseJsonBody`, but a long body comes in a later turn, and its failure and those of `use` go to `answer`. */
export function useJsonBody(request: HttpRequest, answer: Answer, use: (body: unknown) => void): void {
  checkContentType(request.headers['content-type']);
  useJson(request.body, request, answer, use);
}

/** The same for bytes of no content type. */
export function useJson(bytes: Buffer, limits: JsonLimits, answer: Answer, use: (value: unknown) => void): void {
  if (bytes.length < longBodyBytes) return use(parseJson(bytes, limits));
  checkText(bytes, limits);
  const { parseInTurns } = require('./long-json') as typeof import('./long-json');
  parseInTurns(bytes, (parsed) => {
    try {
      if ('failure' in parsed) throw malformed(parsed.failure);
      use(parsed.value);
    } catch (failure) {
      answer(toError(failure));
    }
  });
}

function checkText(bytes: Buffer, { maxJsonDepth }: JsonLimits): void {
  if (bytes.length === 0) throw new Problem('malformed-body', 'Expected a JSON object, came an empty body.');
  if (!isUtf8(bytes)) throw new Problem('malformed-body', 'Expected UTF-8 text, came bytes that are not valid UTF-8.');
  // The parser itself would take it, at forty bytes of memory for one bracket.
  if (isDeeper(bytes, maxJsonDepth))
    throw new Problem('malformed-body', `Expected at most ${maxJsonDepth} levels of arrays and objects, came more.`);
}

function malformed(cause: unknown): Problem {
  return new Problem('malformed-body', `Expected JSON: ${syntaxDetail(cause)}.`, { cause });
}

function checkContentType(contentType: string | undefined): void {
  if (contentType === undefined || contentType === 'application/json') return;
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
