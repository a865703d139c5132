/** Wires the parts, holds the route table and the only catch that answers. */
import { describeDeployment } from './documents/description';
import { parseJsonBody } from './http/body';
import {
  type Answer,
  type Handler,
  type HttpReply,
  type HttpRequest,
  jsonHeaders,
  jsonReply,
  problemReply,
} from './http/message';
import { describeValue, quote } from './model/faults';
import { createModel, type Model, type ModelOptions } from './model/model';
import { Problem, toError, toProblemDocument } from './problem';
import { answerModelStatus, kserveV1 } from './protocols/kserve-v1';
import { answerLive, answerReady } from './protocols/open-inference';
import { type Envelope, predictRows, type RowProtocol } from './protocols/rows';
import { logEvent } from './telemetry';

export interface App {
  /** Answers a request; `respond` is called once, now or later. */
  handle(request: HttpRequest, respond: Respond): void;
  /** Answers a request that a host could not take, because of `problem`. */
  refuse(problem: Problem, request: HttpRequest, respond: Respond): void;
  /** From now on hosts refuse what arrives, and every answer closes its connection. */
  startDraining(): void;
  isDraining(): boolean;
  readonly model: Model;
}

export type Respond = (reply: HttpReply) => void;

type Route = Readonly<Record<string, Handler>>;

export interface AppOptions extends ModelOptions {
  readonly modelLoading: 'lazy' | 'eager';
}

export function createApp(options: AppOptions): App {
  const model = createModel(options, (failure) => logEvent('ERROR', 'The model could not be loaded.', failure));
  const routes = createRoutes(model);
  // A failure is logged where it happens, and the first request tries again.
  if (options.modelLoading === 'eager') model.load().catch(() => undefined);
  let isDraining = false;

  function answerer(request: HttpRequest, respond: Respond): Answer {
    return (outcome) => {
      const reply = outcome instanceof Error ? toFailureReply(outcome, request) : outcome;
      try {
        respond(isDraining ? closing(reply) : reply);
      } catch (failure) {
        logEvent('ERROR', 'An answer could not be written.', failure);
      }
    };
  }

  function handle(request: HttpRequest, respond: Respond): void {
    const answer = answerer(request, respond);
    try {
      const route = findRoute(routes, request.path, model);
      const handler = route[request.method] ?? handlerOfMethod(route, request.method);
      handler(request, answer);
    } catch (failure) {
      answer(toError(failure));
    }
  }

  return {
    handle,
    refuse: (problem, request, respond) => answerer(request, respond)(problem),
    startDraining: () => {
      isDraining = true;
    },
    isDraining: () => isDraining,
    model,
  };
}

function closing(reply: HttpReply): HttpReply {
  return { ...reply, headers: [...reply.headers, 'connection', 'close'] };
}

function createRoutes(model: Model): ReadonlyMap<string, Route> {
  const { name } = model.card;
  const modelPath = `/v1/models/${encodeURIComponent(name)}`;
  const links = {
    predict: '/predict',
    model: modelPath,
    card: '/model-card.json',
    live: '/v2/health/live',
    ready: '/v2/health/ready',
  };
  const predictAny = predictHandler(model, [kserveV1]);
  const description = jsonReply(describeDeployment(model.card, links));
  const card: HttpReply = { status: 200, headers: jsonHeaders, body: model.cardBytes };

  return new Map<string, Route>([
    ['/', { GET: (_request, answer) => answer(description), POST: predictAny }],
    ['/predict', { POST: predictAny }],
    [`${modelPath}:predict`, { POST: predictHandler(model, [kserveV1]) }],
    [modelPath, { GET: (_request, answer) => answerModelStatus(model, answer) }],
    ['/v2/health/live', { GET: (_request, answer) => answerLive(answer) }],
    ['/v2/health/ready', { GET: (_request, answer) => answerReady(model, answer) }],
    [links.card, { GET: (_request, answer) => answer(card) }],
  ]);
}

/** Takes the body of whichever of the protocols its key names. */
function predictHandler(model: Model, protocols: readonly RowProtocol[]): Handler {
  const keys = protocols.map(({ key }) => `"${key}"`).join(' or ');
  return (request, answer) => {
    const body = parseJsonBody(request);
    if (!isEnvelope(body)) {
      throw new Problem(
        'unknown-envelope',
        `Expected a JSON object with the member ${keys}, came ${describeValue(body)}.`,
      );
    }
    const protocol = protocols.find(({ key }) => Object.hasOwn(body, key));
    if (protocol === undefined) {
      const found = Object.keys(body).slice(0, 5).map(quote).join(', ') || 'none';
      throw new Problem(
        'unknown-envelope',
        `Expected a JSON object with the member ${keys}; its members are: ${found}.`,
      );
    }
    predictRows(model, protocol, body, request, answer);
  };
}

function isEnvelope(body: unknown): body is Envelope {
  return typeof body === 'object' && body !== null && !Array.isArray(body);
}

function findRoute(routes: ReadonlyMap<string, Route>, path: string, model: Model): Route {
  const route = routes.get(path) ?? routes.get(normalizePath(path));
  if (route !== undefined) return route;
  const other = /^\/v[12]\/models\/([^/:]+)/.exec(path)?.[1];
  if (other !== undefined && other !== encodeURIComponent(model.card.name)) {
    throw new Problem('unknown-model', `Expected the model ${quote(model.card.name)}, came ${quote(other)}.`);
  }
  throw new Problem('not-found', `Nothing is served under ${quote(path)}; GET / lists what is.`);
}

/** One spelling for paths that mean the same: percent-encoding undone and made anew, no slash at the end. */
function normalizePath(path: string): string {
  const trimmed = path.length > 1 && path.endsWith('/') ? path.slice(0, -1) : path;
  try {
    return trimmed
      .split('/')
      .map((segment) => encodeURIComponent(decodeURIComponent(segment)).replaceAll('%3A', ':'))
      .join('/');
  } catch {
    return trimmed;
  }
}

function handlerOfMethod(route: Route, method: string): Handler {
  const { GET: get } = route;
  if (method === 'HEAD' && get !== undefined) return get;
  const allow = allowedMethods(route);
  if (method === 'OPTIONS') return (_request, answer) => answer({ status: 204, headers: ['allow', allow], body: '' });
  throw new Problem('method-not-allowed', `Expected ${allow}, came ${quote(method)}.`, { headers: ['allow', allow] });
}

function allowedMethods(route: Route): string {
  const methods = Object.keys(route);
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
}

function toFailureReply(failure: Error, { path }: HttpRequest): HttpReply {
  const problem = failure instanceof Problem ? failure : toInternalProblem(failure);
  const document = toProblemDocument(problem);
  // Clients of the Open Inference Protocol raise the text they find under "error".
  if (!path.startsWith('/v2')) return problemReply(document, problem.headers);
  const status = problem.status === 422 ? 400 : problem.status;
  const withError = { ...document, status, error: problem.message };
  return problemReply(withError, problem.headers);
}

function toInternalProblem(failure: Error): Problem {
  logEvent('ERROR', 'A request failed for a reason that is not the caller’s.', failure);
  return new Problem('internal', 'The server failed for a reason that is not yours; its log has the cause.');
}
