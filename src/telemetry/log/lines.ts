/** Writes lines to standard output, joined per turn of the event loop: a write costs more than building the line. */

const longestWait = 64 * 1024;
let waiting = '';
let waitingDone: Done[] = [];

/** Called with a failure if the line was dropped. */
type Done = (failure?: Error | null) => void;

/** Writes a line at the end of this turn, or when the process exits. */
export function writeLine(line: string, done?: Done): void {
  if (waiting === '') setImmediate(flush);
  waiting += `${line}\n`;
  if (done !== undefined) waitingDone.push(done);
  if (waiting.length > longestWait) flush();
}

export function flush(): void {
  if (waiting === '') return;
  const text = waiting;
  waiting = '';
  if (waitingDone.length === 0) {
    process.stdout.write(text);
    return;
  }
  const all = waitingDone;
  waitingDone = [];
  process.stdout.write(text, (failure) => {
    for (const done of all) done(failure);
  });
}

process.on('exit', flush);
