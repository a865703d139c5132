/** Answers errors that Node would answer itself with a problem document: malformed, late and unusual requests. */
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { HttpProblem, problemFields } from '../http/http-problem';
import { Problem, toProblemDocument } from '../problem';
import { unfinishedRequest } from './arrivals';
import { hasArriving } from './arriving-body';
import type { Handover } from './handover';
import { endSoon } from './linger';

/** A connection and the response that is next on it. */
export type Connection = Socket & { readonly _httpMessage?: ServerResponse | null };

export function answerClientErrors(server: Server, handover?: Pick<Handover, 'take'>): void {
  const refused = new WeakSet<Socket>();

  server.on('clientError', (error: NodeJS.ErrnoException, connection: Connection) => {
    if (handover?.take(connection, error) === true) return;
    // It may take as long as its parts keep coming.
    if (error.code === 'ERR_HTTP_REQUEST_TIMEOUT' && hasArriving(connection)) return;
    if (error.code === 'ECONNRESET' || !connection.writable) {
      connection.destroy();
      return;
    }
    // Node repeats the event with each further chunk.
    if (refused.has(connection)) return;
    refused.add(connection);
    refuse(connection, toProblem(error, server));
  });

  // The request listener checks Host and Expect itself, and a caller may half-close after sending.
  Object.assign(server, { requireHostHeader: false, httpAllowHalfOpen: true });
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  // Without this listener, Node closes the connection along with pending answers.
  server.on('connect', (_request, connection: Connection) => refuse(connection, noTunnel()));
}

/** Waits for the answers of earlier complete requests, then answers the problem and closes. */
function refuse(connection: Connection, problem: Problem): void {
  const broken = unfinishedRequest(connection);
  if (broken !== undefined) stopReading(broken);
  // On `end` Node would close after the last complete request's answer.
  connection.removeAllListeners('end').on('error', () => undefined);
  afterAnswers(connection, broken, (isAnswered) => {
    if (connection.writable && !isAnswered) connection.write(toResponse(problem));
    endSoon(connection);
  });
}

/** Stops reading a request that can never complete, as if its connection had closed, so that it releases what it holds. */
function stopReading(request: IncomingMessage): void {
  for (const event of ['readable', 'data', 'end']) request.removeAllListeners(event);
  request.resume();
  request.emit('close');
}

/** Calls `done` when every request before the broken one is answered, with whether the broken one is answered, too. */
function afterAnswers(
  connection: Connection,
  broken: IncomingMessage | undefined,
  done: (isAnswered: boolean) => void,
): void {
  const { _httpMessage: response } = connection;
  if (response === null || response === undefined) return done(false);
  if (response.req === broken && !response.headersSent) return done(false);
  // When a response closes, Node has already started the next one.
  response.once('close', () => {
    if (response.req === broken) done(true);
    else afterAnswers(connection, broken, done);
  });
}

function toProblem({ code = '' }: NodeJS.ErrnoException, { headersTimeout, requestTimeout }: Server): Problem {
  if (code === 'HPE_HEADER_OVERFLOW')
    return new Problem('headers-too-large', 'Expected header fields of at most 16 KiB in total, got more.');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT')
    return new Problem(
      'request-timeout',
      `Expected the header fields within ${headersTimeout} ms and the whole request within ${requestTimeout} ms, got only a part.`,
    );
  if (code.startsWith('HPE_INVALID_CHUNK'))
    return new Problem(
      'malformed-body',
      'Expected chunks of a body with their sizes, got bytes that cannot be parsed.',
    );
  return new Problem('malformed-request', 'Expected an HTTP/1.1 request, got bytes that cannot be parsed.');
}

function noTunnel(): Problem {
  const allow = 'GET, HEAD, POST, OPTIONS';
  return new HttpProblem('method-not-allowed', `Expected ${allow}, got "CONNECT".`, { headers: ['allow', allow] });
}

function toResponse(problem: Problem): string {
  const body = JSON.stringify(toProblemDocument(problem));
  const fields = problemFields(problem).flatMap((name, i, all) => (i % 2 === 0 ? [`${name}: ${all[i + 1]}`] : []));
  return [
    `HTTP/1.1 ${problem.status} ${STATUS_CODES[problem.status]}`,
    'connection: close',
    'content-type: application/problem+json',
    'x-content-type-options: nosniff',
    ...fields,
    `content-length: ${Buffer.byteLength(body)}`,
    '',
    body,
  ].join('\r\n');
}
