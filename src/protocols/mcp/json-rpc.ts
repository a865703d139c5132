/** JSON-RPC 2.0 as this protocol uses it: error codes, replies, and problems in its spelling. */
import type { Dialect } from '../../http/dialect';
import { type HttpReply, jsonReply } from '../../http/message';
import { type ProblemDocument, type ProblemType, toProblemUri } from '../../problem';

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
  readonly status: number;
  readonly data: unknown;

  constructor(code: number, message: string, { status = 400, data }: { status?: number; data?: unknown } = {}) {
    super(message);
    this.code = code;
    this.status = status;
    this.data = data;
  }
}

export function resultReply(id: RpcId, result: object): HttpReply {
  return jsonReply({ jsonrpc: '2.0', id, result });
}

export function errorReply(id: RpcId, { code, message, data }: RpcError, status: number): HttpReply {
  return jsonReply({ jsonrpc: '2.0', id, error: { code, message, ...(data !== undefined && { data }) } }, status);
}
