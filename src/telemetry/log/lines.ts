/** Lines to standard output, together with those of the same turn of the event loop: a write a line costs more than the line. */

const longestWait = 64 * 1024;
let waiting = '';

/** Writes a line at the end of this turn; what still waits when the process ends is written then. */
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
