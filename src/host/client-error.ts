/** What Node answers by itself gets a problem document too: bytes that are no HTTP request, those that are late, odd heads. */
import { type IncomingMessage, type Server, type ServerResponse, STATUS_CODES } from 'node:http';
import type { Socket } from 'node:net';
import { HttpProblem, problemFields } from '../http/http-problem';
import { Problem, toProblemDocument } from '../problem';
import { unfinishedRequest } from './arrivals';

/** How long a refused caller may take to read why, and to stop sending: closed at once, it might see a reset and no answer. */
const lingerMs = 1000;

/** A connection, with the answer that is due next on it. */
export type Connection = Socket & { readonly _httpMessage?: ServerResponse | null };

export function answerClientErrors(server: Server): void {
  const refused = new WeakSet<Socket>();

  server.on('clientError', (error: NodeJS.ErrnoException, connection: Connection) => {
    if (error.code === 'ECONNRESET' || !connection.writable) {
      connection.destroy();
      return;
    }
    // Node tells it again with each piece that comes.
    if (refused.has(connection)) return;
    refused.add(connection);
    refuse(connection, toProblem(error));
  });

  // The listener looks at the fields that Node would answer without a document; who has sent all may close its half.
  Object.assign(server, { requireHostHeader: false, httpAllowHalfOpen: true });
  server.on('checkExpectation', (request, response) => server.emit('request', request, response));
  // Without a listener Node closes the connection, with the answers that are due on it.
  server.on('connect', (_request, connection: Connection) => refuse(connection, noTunnel()));
}

/** Answers what came whole before, then the problem, and closes. */
function refuse(connection: Connection, problem: Problem): void {
  const broken = unfinishedRequest(connection);
  if (broken !== undefined) giveUp(broken);
  // Node would take an end for that of the last whole request, and close after its answer.
  connection.removeAllListeners('end').on('error', () => undefined);
  afterAnswers(connection, broken, (isAnswered) => {
    if (connection.writable && !isAnswered) connection.write(toResponse(problem));
    endSoon(connection);
  });
}

/** Ends the reading of a request that will never be whole, as the end of its connection would: what it holds is given back. */
function giveUp(request: IncomingMessage): void {
  request.removeAllListeners('data').removeAllListeners('end').resume();
  request.emit('close');
}

/** Calls `done` when everything before the broken request is answered, and says whether that itself is. */
function afterAnswers(
  connection: Connection,
  broken: IncomingMessage | undefined,
  done: (isAnswered: boolean) => void,
): void {
  const { _httpMessage: response } = connection;
  if (response === null || response === undefined) return done(false);
  if (response.req === broken && !response.headersSent) return done(false);
  // Node has begun with the next when it tells that this one is over.
  response.once('close', () => {
    if (response.req === broken) done(true);
    else afterAnswers(connection, broken, done);
  });
}

/** Ends a connection whose caller may still be sending. */
function endSoon(connection: Socket): void {
  connection.end();
  if (connection.readableEnded) connection.destroySoon();
  // Also for a caller that goes on sending, or that never reads.
  const timer = setTimeout(() => connection.destroy(), lingerMs);
  connection.on('end', () => connection.destroySoon()).on('close', () => clearTimeout(timer));
  connection.resume();
}

function toProblem({ code }: NodeJS.ErrnoException): Problem {
  if (code === 'HPE_HEADER_OVERFLOW')
    return new Problem('headers-too-large', 'Expected header fields of at most 16 KiB together.');
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return new Problem('request-timeout', 'Expected the whole request sooner.');
  return new Problem('malformed-body', 'Expected an HTTP/1.1 request.');
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
