/** The problem of a body that is not JSON: what the parser says, and what a usual mistake needs. */
import { Problem } from '../problem';

export function malformed(detail: string, cause?: unknown): Problem {
  return new Problem('malformed-body', `Expected JSON: ${detail}.`, { cause });
}

/** The parser's message, which says where the error is and quotes at most a few characters of the body. */
export function syntaxDetail(text: string, cause: unknown): string {
  if (!(cause instanceof SyntaxError)) return 'the text cannot be parsed';
  const detail = cause.message.replace(/ is not valid JSON$/, '').replace(/\s+/g, ' ');
  const hint = hintAt(text, detail);
  return hint === undefined ? detail : `${detail} (${hint})`;
}

/** What people and languages write that JSON does not have, by the character at which the parser stops. */
function hintAt(text: string, detail: string): string | undefined {
  if (text.length < 200 && /^[\w./\\-]+\.\w{3,6}$/.test(text))
    return 'it looks like the name of a file: with curl, send what is in it by --data-binary @FILE';
  const position = /position (\d+)/.exec(detail)?.[1];
  const character = /token ["'](.)["']/u.exec(detail)?.[1] ?? (position && text[Number(position)]) ?? '';
  if (/[NI]/.test(character) || detail.startsWith('No number after minus sign'))
    return 'JSON has no NaN, Infinity or None: send null for a missing value';
  if (/[TF]/.test(character)) return 'JSON writes true and false in lower case';
  if (/['‘’“”]/.test(character)) return 'JSON has straight double quotes only';
  if (/[\]}]/.test(character) && /,\s*[\]}]/.test(`${detail} ${text.slice(0, 200)}`))
    return 'JSON has no comma before ] or }';
  if (detail.includes('property name')) return 'names stand in double quotes, as in {"instances": …}';
  return undefined;
}

/** The problem of bytes that are not UTF-8 text, or begin with a mark that says so. */
export function unreadable(bytes: Buffer): Problem {
  return new Problem('malformed-body', `Expected UTF-8 text, got ${describeBytes(bytes.toString('latin1', 0, 3))}.`);
}

function describeBytes(start: string): string {
  if (start.startsWith('\x1f\x8b')) return 'gzip: send content-encoding: gzip with it';
  if (start.startsWith('\xff\xfe') || start.startsWith('\xfe\xff')) return 'UTF-16: send it as UTF-8';
  if (start === '\xef\xbb\xbf') return 'a byte order mark before it: send it without one';
  return 'bytes that are not valid UTF-8';
}
