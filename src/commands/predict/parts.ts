/** Cuts a file into parts of whole rows, so that memory does not grow with it. */
import { createReadStream } from 'node:fs';
import { Messages } from '../../arrow/messages';
import type { Form } from './formats';
import { Lines } from './lines';

/** Some rows of a file, as a body of the same form. */
export interface Part {
  readonly body: Buffer;
  readonly rows: number;
  /** Bytes of the file up to its end. */
  readonly end: number;
}

const pieceBytes = 1024 * 1024;

/** From a byte of the file on, behind its header. */
export function partsOf(path: string, form: Form, start: number): AsyncGenerator<Part> {
  return form === 'arrow' ? arrowParts(path) : lineParts(path, form === 'csv', start);
}

const piecesOf = (path: string, start: number): AsyncIterable<Buffer> =>
  createReadStream(path, { start, highWaterMark: pieceBytes });

async function* lineParts(path: string, isCsv: boolean, start: number): AsyncGenerator<Part> {
  const lines = new Lines(isCsv);
  let end = start;
  for await (const piece of piecesOf(path, start))
    for (const { body, rows } of lines.add(piece)) {
      end += body.length;
      yield { body, rows, end };
    }
  const { body, rows } = lines.end();
  if (rows > 0) yield { body, rows, end: end + body.length };
}

/** Each record batch as a stream of its own, with the schema and the dictionaries before it. */
async function* arrowParts(path: string): AsyncGenerator<Part> {
  const messages = new Messages();
  let before: readonly Buffer[] = [];
  let end = 0;
  for await (const piece of piecesOf(path, 0))
    for (const { bytes, rows } of messages.add(piece)) {
      end += bytes.length;
      if (rows === undefined) before = [...before, bytes];
      else yield { body: Buffer.concat([...before, bytes]), rows, end };
    }
  messages.end();
}
