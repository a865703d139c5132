/** A report that appears line by line; on a terminal a fault is red, and a line that vanishes says what is being done. */

export interface Reporter {
  /** One line of the report. */
  line(text: string): void;
  /** What is going on until the next line. */
  doing(text: string): void;
}

export interface Output {
  readonly isTTY?: boolean | undefined;
  write(text: string): unknown;
}

/** Variables that decide about colours: https://no-color.org, https://force-color.org. */
export interface ColourSettings {
  readonly NO_COLOR?: string | undefined;
  readonly FORCE_COLOR?: string | undefined;
  readonly TERM?: string | undefined;
}

const red = '\u001b[31m';
const plain = '\u001b[39m';
const eraseLine = '\r\u001b[K';

export function createReporter(output: Output, settings: ColourSettings): Reporter {
  const isTerminal = output.isTTY === true && settings.TERM !== 'dumb';
  const isColoured = hasColours(isTerminal, settings);
  let erase = '';

  function write(text: string): void {
    output.write(`${erase}${text}`);
    erase = '';
  }

  return {
    line: (text) => write(`${isColoured && text.startsWith('FAULT ') ? `${red}${text}${plain}` : text}\n`),
    doing(text) {
      if (!isTerminal) return;
      write(`${text}…`);
      erase = eraseLine;
    },
  };
}

/** As Node.js itself decides: who forces colours has the last word. */
function hasColours(isTerminal: boolean, { FORCE_COLOR = '', NO_COLOR = '' }: ColourSettings): boolean {
  if (FORCE_COLOR !== '') return FORCE_COLOR !== '0';
  return isTerminal && NO_COLOR === '';
}
