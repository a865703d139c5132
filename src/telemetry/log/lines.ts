/** Writes lines to standard output, joined per turn of the event loop: a write costs more than building the line. */

const longestWait = 64 * 1024;
let waiting = '';

/** Writes a line at the end of this turn, or when the process exits. */
export function writeLine(line: string): void {
  if (waiting === '') setImmediate(flush);
  waiting += `${line}\n`;
  if (waiting.length > longestWait) flush();
}

export function flush(): void {
  if (waiting === '') return;
  const text = waiting;
  waiting = '';
  process.stdout.write(text);
}

process.on('exit', flush);
