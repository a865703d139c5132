/** The replies of gRPC: a message, or the status and text of a failure. The outcome is in the trailers. */
import type { Dialect, FailureReply } from '../http/dialect';
import type { HttpReply } from '../http/message';
import type { Problem } from '../problem';
import { statusCodes, statusOfProblem } from './status';

export const contentType = 'application/grpc';

const headers: readonly string[] = ['content-type', contentType];
const succeeded: readonly string[] = ['grpc-status', String(statusCodes.ok)];

/** Codings of messages, for the field that says which are read. */
export const messageCodings = 'identity, gzip, deflate';

/** Clients refuse header fields beyond 8 KiB. */
const maxTextBytes = 2048;

/** The reply with a message, given as its parts. */
export function messageReply(body: readonly Buffer[] | Buffer): HttpReply {
  return { status: 200, headers, body, trailers: succeeded };
}

export const grpcDialect: Dialect = {
  spell: (document) => ({ ...document }),
  hasPlainJsonClients: false,
  answer: failureReply,
};

/** Its status is that of the problem in HTTP, for logs and metrics; on the wire it is always 200. */
function failureReply({ type, status, message, retryAfterSeconds }: Problem): FailureReply {
  const retry =
    retryAfterSeconds === undefined ? [] : ['grpc-retry-pushback-ms', String(Math.ceil(retryAfterSeconds * 1000))];
  const codings = type === 'unsupported-media-type' ? ['grpc-accept-encoding', messageCodings] : [];
  const trailers = ['grpc-status', String(statusOfProblem[type]), 'grpc-message', encodeText(message), ...retry];
  return { status, headers: [...headers, ...codings], body: '', trailers };
}

/** Printable ASCII as it is, all other bytes percent-encoded. */
export function encodeText(text: string): string {
  let encoded = '';
  for (const byte of Buffer.from(text)) {
    if (encoded.length > maxTextBytes) return encoded;
    const isPlain = byte >= 0x20 && byte <= 0x7e && byte !== 0x25;
    encoded += isPlain ? String.fromCharCode(byte) : `%${byte.toString(16).toUpperCase().padStart(2, '0')}`;
  }
  return encoded;
}
