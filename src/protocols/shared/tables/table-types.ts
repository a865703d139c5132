/** The media types of tables. */

export const isCsv = /\btext\/csv\b/i;
/** JSON with a row on each line goes by several names. */
export const isLines = /\bapplication\/(?:x-)?(?:jsonlines|ndjson)\b/i;
/** A stream of record batches. */
export const isArrow = /\bapplication\/vnd\.apache\.arrow\.stream\b/i;

/** Whether a media type, or a list of accepted ones, is of a table. */
export function isTable(types: string | undefined): boolean {
  return types !== undefined && (isCsv.test(types) || isLines.test(types) || isArrow.test(types));
}
