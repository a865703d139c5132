/** The media types of tables as text. */

export const isCsv = /\btext\/csv\b/i;
/** JSON with a row on each line goes by several names. */
export const isLines = /\bapplication\/(?:x-)?(?:jsonlines|ndjson)\b/i;
