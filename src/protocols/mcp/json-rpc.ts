/** JSON-RPC 2.0 as this protocol uses it: error codes, replies, and problems in its spelling. */
import type { IncomingHttpHeaders } from 'node:http';
import type { Dialect } from '../../http/dialect';
import { type HttpReply, jsonReply, problemReply } from '../../http/message';
import { typeDependsOn, wantsPlainJson } from '../../http/problem-type';
import { Problem, type ProblemDocument, type ProblemType, toProblemDocument, toProblemUri } from '../../problem';

export type RpcId = string | number | null;

export const codes = {
  parseError: -32700,
  invalidRequest: -32600,
  methodNotFound: -32601,
  invalidParams: -32602,
  internal: -32603,
  refused: -32000,
  headerMismatch: -32020,
  unsupportedVersion: -32022,
} as const;

const codesOfProblems: Partial<Record<ProblemType, number>> = {
  'malformed-body': codes.parseError,
  'unknown-envelope': codes.invalidRequest,
  internal: codes.internal,
};
const codesByUri = new Map(
  Object.entries(codesOfProblems).map(([type, code]) => [toProblemUri(type as ProblemType), code]),
);

/** Problem documents that are error responses to the request with this id, too. */
export function rpcDialect(id: RpcId): Dialect {
  const spell = (document: ProblemDocument) => ({
    ...document,
    jsonrpc: '2.0',
    id,
    error: { code: codesByUri.get(document.type) ?? codes.refused, message: document.detail },
  });
  return { spell, hasPlainJsonClients: true };
}

/** An answer that is an error: a request that the protocol does not allow. */
export class RpcError extends Error {
  readonly code: number;
  /** Of the HTTP reply in the revisions that say one. */
  readonly status: 400 | 404;
  readonly data: unknown;

  constructor(code: number, message: string, { status = 400, data }: { status?: 400 | 404; data?: unknown } = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.data = data;
  }
}

export function resultReply(id: RpcId, result: object): HttpReply {
  return jsonReply({ jsonrpc: '2.0', id, result });
}

/** An error in a successful reply, as clients of older revisions read it, or in a problem document that is both. */
export function errorReply(id: RpcId, failure: RpcError, isSuccess: boolean, headers: IncomingHttpHeaders): HttpReply {
  const { code, message, data, status } = failure;
  const answer = { jsonrpc: '2.0', id, error: { code, message, ...(data !== undefined && { data }) } };
  if (isSuccess) return jsonReply(answer);
  const problem = toProblemDocument(new Problem(status === 404 ? 'not-found' : 'unknown-envelope', message));
  return problemReply({ ...problem, ...answer }, typeDependsOn, wantsPlainJson(headers));
}
