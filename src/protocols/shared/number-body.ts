/** Bodies that hold rows of nothing but numbers, `{"instances":[[5.1,3.5],…]}`: the rows are read at once, the rest is parsed. */
import { isUtf8 } from 'node:buffer';
import { isDeeper } from '../../json/depth';
import type { JsonLimits } from '../../json/limits';
import type { NumberRows, NumberRowsKind } from '../../json/number-rows';
import { readNumberRows } from '../../json/read-number-rows';
import type { Work } from '../../turns';
import type { Members } from './envelope';

/** Of what follows the rows. A longer body is parsed whole. */
const longestRest = 1024;
/** An object that holds an array of rows. */
const depthOfRows = 3;
/** Of what may stand before the rows. */
const longestHead = 64;

/** The body's members; undefined where it must be parsed, if only to tell what is wrong. */
export function* readNumberBody(
  json: Buffer,
  key: string,
  kind: NumberRowsKind,
  limits: JsonLimits,
): Work<Members | undefined> {
  if (limits.maxDepth < depthOfRows) return undefined;
  const head = new RegExp(`^[ \\t\\n\\r]*\\{[ \\t\\n\\r]*"${key}"[ \\t\\n\\r]*:[ \\t\\n\\r]*(?=\\[)`);
  const from = head.exec(json.toString('latin1', 0, longestHead))?.[0].length;
  if (from === undefined) return undefined;
  const rows = yield* readNumberRows(json, from, kind);
  return rows && addRows(json.subarray(rows.end), key, rows, limits);
}

function addRows(rest: Buffer, key: string, rows: NumberRows, { maxDepth }: JsonLimits): Members | undefined {
  if (rest.length > longestRest || !isUtf8(rest) || isDeeper(rest, maxDepth - 1)) return undefined;
  try {
    const members = JSON.parse(`{${JSON.stringify(key)}:0${rest}`) as Record<string, unknown>;
    // Another member of the same name would replace the rows.
    return members[key] === 0 ? Object.assign(members, { [key]: rows }) : undefined;
  } catch {
    return undefined;
  }
}
