/** An HTTP client that sends what it is told, odd header fields and all. */

import { Agent, type IncomingHttpHeaders, type OutgoingHttpHeaders, request as openRequest } from 'node:http';
import { connect } from 'node:net';
import { brotliDecompressSync, unzipSync } from 'node:zlib';

export interface Message {
  readonly headers?: OutgoingHttpHeaders;
  readonly body?: string | Buffer;
}

export interface Reply {
  readonly status: number;
  readonly headers: IncomingHttpHeaders;
  /** The body as it came. */
  readonly bytes: Buffer;
  /** The body, decompressed. */
  readonly text: string;
  /** The body parsed, when its content type says JSON. */
  readonly json: unknown;
}

export interface Client {
  request(method: string, path: string, message?: Message): Promise<Reply>;
  /** Posts a value as JSON. */
  post(path: string, value: unknown): Promise<Reply>;
  /** Writes bytes to a socket of their own and gives back what comes until it closes. */
  sendBytes(bytes: string): Promise<string>;
  close(): void;
}

/** Throws when an answer is not what was published. */
export type AnswerCheck = (method: string, path: string, reply: Reply) => void;

export function createClient(port: number, check: AnswerCheck = () => undefined): Client {
  const agent = new Agent({ keepAlive: true });

  function request(method: string, path: string, { headers = {}, body }: Message = {}): Promise<Reply> {
    return new Promise((resolve, reject) => {
      const outgoing = openRequest({
        host: '127.0.0.1',
        port,
        method,
        path,
        headers: withLength(headers, body),
        agent,
      });
      outgoing.on('error', reject);
      outgoing.on('response', (incoming) => {
        const chunks: Buffer[] = [];
        incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
        incoming.on('error', reject);
        incoming.on('end', () => {
          try {
            const reply = toReply(incoming.statusCode ?? 0, incoming.headers, Buffer.concat(chunks));
            check(method, path, reply);
            resolve(reply);
          } catch (breach) {
            reject(breach);
          }
        });
      });
      outgoing.end(body);
    });
  }

  return {
    request,
    post: (path, value) =>
      request('POST', path, { headers: { 'content-type': 'application/json' }, body: JSON.stringify(value) }),
    sendBytes: (bytes) => sendBytes(port, bytes),
    close: () => agent.destroy(),
  };
}

function sendBytes(port: number, bytes: string): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(bytes));
    socket.setEncoding('utf8');
    socket.on('data', (chunk: string) => {
      text += chunk;
    });
    socket.on('error', reject);
    socket.on('close', () => resolve(text));
  });
}

/** Node sends the length by itself with some methods only. */
function withLength(headers: OutgoingHttpHeaders, body: string | Buffer | undefined): OutgoingHttpHeaders {
  if (body === undefined || 'transfer-encoding' in headers || 'content-length' in headers) return headers;
  return { ...headers, 'content-length': Buffer.byteLength(body) };
}

function unpack(bytes: Buffer, coding: string | undefined): Buffer {
  // The answer to HEAD says how that to GET is packed.
  if (coding === undefined || bytes.length === 0) return bytes;
  return coding === 'br' ? brotliDecompressSync(bytes) : unzipSync(bytes);
}

function toReply(status: number, headers: IncomingHttpHeaders, bytes: Buffer): Reply {
  const text = unpack(bytes, headers['content-encoding']).toString();
  const isJson = /^application\/(?:[\w-]+\+)?json\b/.test(headers['content-type'] ?? '') && text !== '';
  return { status, headers, bytes, text, json: isJson ? JSON.parse(text) : undefined };
}
