/** Answers out of the bytes of a connection: enough of HTTP for answers that say their length. */

export interface RawAnswer {
  readonly status: number;
  readonly contentType: string | undefined;
  readonly text: string;
}

export function createAnswerReader() {
  const answers: RawAnswer[] = [];
  let rest = '';

  function add(chunk: Buffer): void {
    rest += chunk.toString('latin1');
    while (takeAnswer());
  }

  function takeAnswer(): boolean {
    const end = rest.indexOf('\r\n\r\n');
    if (end === -1) return false;
    const head = rest.slice(0, end);
    const length = Number(/^content-length: (\d+)$/im.exec(head)?.[1] ?? 0);
    if (rest.length < end + 4 + length) return false;
    answers.push({
      status: Number(head.slice('HTTP/1.1 '.length, 'HTTP/1.1 '.length + 3)),
      contentType: /^content-type: (.+)$/im.exec(head)?.[1]?.trim(),
      text: rest.slice(end + 4, end + 4 + length),
    });
    rest = rest.slice(end + 4 + length);
    return true;
  }

  return { answers, add };
}
