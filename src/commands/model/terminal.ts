/** Colours of a report on a terminal; pipes, files and people who set NO_COLOR get plain text. */

export interface Terminal {
  readonly isTTY?: boolean;
  /** The variable of https://no-color.org: any text but an empty one. */
  readonly noColor?: string | undefined;
}

const red = '\u001b[31m';
const plain = '\u001b[39m';

/** Lines that report a fault in red, others as they are. */
export function colourFaults(lines: readonly string[], { isTTY = false, noColor = '' }: Terminal): readonly string[] {
  if (!isTTY || noColor !== '') return lines;
  return lines.map((line) => (line.startsWith('FAULT ') ? `${red}${line}${plain}` : line));
}
