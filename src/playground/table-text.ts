/** Reads and writes text that is a table: cells between commas or tabs, quoted where they hold one (RFC 4180). */

/** Lines of cells, without empty lines. */
export function parseTable(text: string): readonly (readonly string[])[] {
  const [first = ''] = text.split('\n', 1);
  const cell = first.includes('\t')
    ? /("(?:[^"]|"")*"|[^\t\n]*)(\t|\r?\n|$)/gy
    : /("(?:[^"]|"")*"|[^,\n]*)(,|\r?\n|$)/gy;
  const lines: string[][] = [];
  let line: string[] = [];
  for (const [, content = '', end = ''] of text.matchAll(cell)) {
    line.push(unquote(content));
    if (end === ',' || end === '\t') continue;
    if (line.length > 1 || line[0] !== '') lines.push(line);
    line = [];
  }
  return lines;
}

function unquote(content: string): string {
  if (content.startsWith('"') && content.endsWith('"') && content.length > 1)
    return content.slice(1, -1).replaceAll('""', '"');
  return content.replace(/\r$/, '');
}

export function toCsv(lines: readonly (readonly string[])[]): string {
  return lines.map((line) => line.map(quote).join(',')).join('\r\n');
}

/** A cell that starts as a formula would be run by a spreadsheet: it gets a quote in front. */
function quote(cell: string): string {
  const safe = /^[=+@\t]|^-(?![\d.])/.test(cell) ? `'${cell}` : cell;
  return /[",\r\n]/.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
