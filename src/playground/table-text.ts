/** Reads and writes text that is a table: cells between commas, semicolons or tabs, quoted where they hold one (RFC 4180). */

export type Table = readonly (readonly string[])[];

const separators = ['\t', ';', ','] as const;
type Separator = (typeof separators)[number];

export interface Parsed {
  readonly separator: Separator;
  /** Without empty lines. */
  readonly lines: Table;
}

export function parseTable(text: string): Parsed {
  // Windows starts a file with a mark of byte order, and each system ends lines in its own way.
  const plain = text.replace(/^\ufeff/, '').replace(/\r\n?/g, '\n');
  const separator = findSeparator(plain.split('\n', 1)[0] ?? '');
  const cell = new RegExp(`("(?:[^"]|"")*"|[^${separator}\n]*)(${separator}|\n|$)`, 'gy');
  const lines: string[][] = [];
  let line: string[] = [];
  for (const [, content = '', end = ''] of plain.matchAll(cell)) {
    line.push(unquote(content));
    if (end === separator) continue;
    if (line.length > 1 || line[0] !== '') lines.push(line);
    line = [];
  }
  return { separator, lines };
}

/** Outside of quotes, the first line has commas beside another separator only within numbers. */
function findSeparator(line: string): Separator {
  const bare = line.replace(/"(?:[^"]|"")*"/g, '');
  return separators.find((each) => bare.includes(each)) ?? ',';
}

function unquote(content: string): string {
  if (!content.startsWith('"') || !content.endsWith('"') || content.length < 2) return content;
  return content.slice(1, -1).replaceAll('""', '"');
}

/** A number with a decimal comma gets a point. */
export function toPoint(cell: string): string {
  return /^-?\d+,\d+$/.test(cell) ? cell.replace(',', '.') : cell;
}

export function toCsv(lines: Table): string {
  return lines.map((line) => line.map(quote).join(',')).join('\r\n');
}

function quote(cell: string): string {
  return /[",\r\n]/.test(cell) ? `"${cell.replaceAll('"', '""')}"` : cell;
}

/** A cell that starts as a formula would be run by a spreadsheet: it gets a quote in front. */
export function guard(cell: string): string {
  return /^[=+@\t]|^-(?![\d.])/.test(cell) ? `'${cell}` : cell;
}
