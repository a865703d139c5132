/** Reads the envelope of a message: a request, a notification or a response, in JSON-RPC 2.0. */
import { describeValue } from '../../model/instances/faults';
import { isMembers, type Members } from '../shared/envelope';
import { codes, RpcError, type RpcId } from './json-rpc';

export interface Message {
  /** Undefined for what wants no answer: a notification, or a response. */
  readonly id: string | number | undefined;
  readonly method: string;
  readonly params: Members;
}

/** Ids are echoed, so their length is limited. */
const maxIdLength = 8192;

/** The id of a body, null if it has none that an answer can repeat. */
export function idOf(body: unknown): RpcId {
  if (!isMembers(body)) return null;
  const { id } = body;
  if (typeof id === 'string') return id.length <= maxIdLength ? id : null;
  return typeof id === 'number' ? id : null;
}

export function readMessage(body: unknown): Message {
  if (Array.isArray(body)) throw invalid('Expected one JSON-RPC message, got an array: batches are not taken.');
  if (!isMembers(body)) throw invalid(`Expected a JSON-RPC message, got ${describeValue(body)}.`);
  const { jsonrpc, id, method, params = {} } = body;
  if (jsonrpc !== '2.0') throw invalid(`Expected "jsonrpc": "2.0", got ${describeValue(jsonrpc)}.`);
  const isReply = method === undefined && ('result' in body || 'error' in body);
  if (typeof method !== 'string' && !isReply)
    throw invalid(`Expected "method" to be a string, got ${describeValue(method)}.`);
  const isNamed = id === undefined || idOf(body) !== null || (isReply && id === null);
  if (!isNamed) throw invalid(`Expected "id" to be a number or a string of at most ${maxIdLength} characters.`);
  if (!isMembers(params))
    throw new RpcError(codes.invalidParams, `Expected "params" to be an object, got ${describeValue(params)}.`);
  if (typeof method !== 'string') return { id: undefined, method: '', params: {} };
  return { id: id as string | number | undefined, method, params };
}

function invalid(message: string): RpcError {
  return new RpcError(codes.invalidRequest, message);
}
