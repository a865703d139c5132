/** Bytes that are no HTTP request get a problem document too, written to the bare socket. */
import { type Server, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { Problem, toProblemDocument } from '../problem';

export function answerClientErrors(server: Server): void {
  server.on('clientError', (error: NodeJS.ErrnoException, socket: Socket) => {
    if (error.code === 'ECONNRESET' || !socket.writable) {
      socket.destroy();
      return;
    }
    socket.end(toResponse(toProblem(error)));
  });
}

function toProblem({ code }: NodeJS.ErrnoException): Problem {
  if (code === 'HPE_HEADER_OVERFLOW')
    return new Problem('headers-too-large', 'Expected header fields of at most 16 KiB together.');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new Problem('request-timeout', 'Expected the whole request sooner.');
  return new Problem('malformed-body', 'Expected an HTTP/1.1 request.');
}

function toResponse(problem: Problem): string {
  const body = JSON.stringify(toProblemDocument(problem));
  return [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'connection: close',
    'content-type: application/problem+json',
    'x-content-type-options: nosniff',
    `content-length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}
