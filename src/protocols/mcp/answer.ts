/** Answers one message in either form of the protocol: with a handshake, or with the version in each request. */
import { parseJsonBody } from '../../http/json-body';
import type { HttpReply, HttpRequest } from '../../http/message';
import { quote } from '../../model/instances/faults';
import type { Model } from '../../model/model';
import { Problem } from '../../problem';
import { admit } from '../../serving/data-plane';
import { inTurns } from '../../turns';
import { isMembers, type Members } from '../shared/envelope';
import { codes, errorReply, RpcError, type RpcId, resultReply, rpcDialect } from './json-rpc';
import { idOf, type Message, readMessage } from './message';
import { isModern, legacy, supported } from './revisions';
import { faultResult, isMendable, wrapResult } from './tool-result';
import { createTools, type Tool } from './tools';

/** Same as in package.json (a test compares them), without reading the file. */
const packageVersion = '1.0.0';
const toolsOf = new WeakMap<Model, ReadonlyMap<string, Tool>>();
const accepted: HttpReply = { status: 202, headers: [], body: '' };
/** The card of a deployment never changes, but the next deployment may have another. */
const cached = { ttlMs: 60_000, cacheScope: 'public' };

export async function answerMessage(model: Model, request: HttpRequest): Promise<HttpReply> {
  request.event.protocol = 'mcp';
  admit(model, request, request.body.length);
  const body = await inTurns(parseJsonBody(request, model.bodyLimits()), request.isGone);
  const id = idOf(body);
  request.dialect = rpcDialect(id);
  let isOfModern = true;
  try {
    const message = readMessage(body);
    isOfModern = isModern(message, request.headers);
    if (message.id === undefined) return accepted;
    return await answerRequest(model, message, isOfModern, request);
  } catch (failure) {
    if (!(failure instanceof RpcError)) throw failure;
    // Clients of older revisions read errors of methods and parameters from successful replies only.
    if (isOfModern) request.event.problem = failure.status === 404 ? 'not-found' : 'unknown-envelope';
    return errorReply(id, failure, !isOfModern, request.headers);
  }
}

function answerRequest(model: Model, message: Message, isOfModern: boolean, request: HttpRequest) {
  const { id = null, method, params } = message;
  if (method === 'tools/call') return callTool(model, message, isOfModern, request);
  const result = isOfModern ? modernResult(model, method, params) : legacyResult(model, method, params);
  if (result === undefined)
    throw new RpcError(codes.methodNotFound, `Method not found: ${quote(method)}.`, { status: 404 });
  return resultReply(id, result);
}

function legacyResult(model: Model, method: string, params: Members): object | undefined {
  if (method === 'ping') return {};
  if (method !== 'initialize') return sharedResult(model, method, params);
  const asked = legacy.find((revision) => revision === params.protocolVersion);
  return { protocolVersion: asked ?? legacy[0], ...introduce(model), serverInfo: serverInfo(model) };
}

function modernResult(model: Model, method: string, params: Members): object | undefined {
  const own = method === 'server/discover' ? { supportedVersions: supported, ...introduce(model) } : undefined;
  const result = own ?? sharedResult(model, method, params);
  return result && { ...result, ...cached, ...completed(model) };
}

function sharedResult(model: Model, method: string, params: Members): object | undefined {
  if (method === 'tools/list') return { tools: [...toolsFor(model).values()].map(({ definition }) => definition) };
  if (method === 'resources/list') return { resources: [cardResource(model)] };
  if (method === 'resources/templates/list') return { resourceTemplates: [] };
  if (method === 'resources/read') return readResource(model, params);
  return undefined;
}

/** Members that every result of the modern revision has. */
function completed(model: Model) {
  return { resultType: 'complete', _meta: { 'io.modelcontextprotocol/serverInfo': serverInfo(model) } };
}

function introduce({ card: { title, description } }: Model) {
  const instructions = `${title}: ${description} Call describe for units and ranges, predict for predictions.`;
  return { capabilities: { tools: {}, resources: {} }, instructions };
}

function serverInfo({ card }: Model) {
  return { name: 'onnx-predict-function', title: card.title, version: packageVersion };
}

function cardResource({ card: { name, title } }: Model) {
  const description = 'The model card: features, outputs, training data and limits.';
  const uri = `card://${encodeURIComponent(name)}`;
  return { uri, name: 'model-card', title: `Card of ${title}`, description, mimeType: 'application/json' };
}

function readResource(model: Model, { uri }: Members): object {
  const { uri: known, mimeType } = cardResource(model);
  if (uri === known) return { contents: [{ uri, mimeType, text: model.cardBytes.toString() }] };
  const message = `Resource not found: expected ${quote(known)}, got ${quote(String(uri))}.`;
  throw new RpcError(codes.invalidParams, message, { data: { uri: String(uri).slice(0, 200) } });
}

function toolsFor(model: Model): ReadonlyMap<string, Tool> {
  const tools = toolsOf.get(model) ?? createTools(model);
  toolsOf.set(model, tools);
  return tools;
}

async function callTool(model: Model, { id: sent, params }: Message, isOfModern: boolean, request: HttpRequest) {
  const id: RpcId = sent ?? null;
  const { name, arguments: args = {} } = params;
  const tools = toolsFor(model);
  const tool = tools.get(String(name));
  if (tool === undefined) {
    const known = [...tools.keys()].map(quote).join(' or ');
    throw new RpcError(codes.invalidParams, `Unknown tool: expected ${known}, got ${quote(String(name))}.`);
  }
  if (!isMembers(args)) throw new RpcError(codes.invalidParams, 'Expected "arguments" to be an object.');
  const common = isOfModern ? completed(model) : {};
  try {
    const reply = await tool.call(args, request);
    const members = JSON.stringify(common).slice(1, -1);
    const head = `{"jsonrpc":"2.0","id":${JSON.stringify(id)},"result":{`;
    const tail = `${members === '' ? '' : ','}${members}}}`;
    return await inTurns(wrapResult(reply, head, tail, { maxBytes: model.limits.maxReplyBytes }), request.isGone);
  } catch (failure) {
    if (!(failure instanceof Problem && isMendable(failure))) throw failure;
    request.event.problem = failure.type;
    return resultReply(id, { ...faultResult(failure), ...common });
  }
}
