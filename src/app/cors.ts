/** CORS: lets the pages of listed origins call, with preflights that browsers may keep. */
import type { HttpReply, HttpRequest } from '../http/message';
import type { AllowedOrigins } from '../origins';

/** Browsers keep a preflight for at most two hours. */
const preflightSeconds = 7200;
const exposed = 'model-version, prediction-id, retry-after, etag, inference-header-content-length';

/** Adds header fields to the reply of a request. */
export type Cors = (reply: HttpReply, request: HttpRequest) => HttpReply;

/** Undefined when no page may call: most deployments never pay for it. */
export function createCors(origins: AllowedOrigins): Cors | undefined {
  if (origins.length === 0) return undefined;
  // Answers to other origins lack the fields, so caches must know.
  const vary = origins === '*' ? [] : ['vary', 'origin'];

  return (reply, request) => {
    const { headers } = reply;
    const { origin } = request.headers;
    const isAllowed = origin !== undefined && (origins === '*' || origins.includes(origin));
    if (!isAllowed) return { ...reply, headers: [...headers, ...vary] };
    const allowed = ['access-control-allow-origin', origins === '*' ? '*' : origin];
    const rest = isPreflight(request) ? preflight(headers, request) : ['access-control-expose-headers', exposed];
    return { ...reply, headers: [...headers, ...vary, ...allowed, ...rest] };
  };
}

function isPreflight({ method, headers }: HttpRequest): boolean {
  return method === 'OPTIONS' && headers['access-control-request-method'] !== undefined;
}

/** The path's own methods, and whatever header fields the page wants to send. */
function preflight(fields: readonly string[], { headers }: HttpRequest): readonly string[] {
  const wanted = headers['access-control-request-headers'];
  const allow = fields[fields.indexOf('allow') + 1] ?? 'POST';
  return [
    ...['access-control-allow-methods', allow, 'access-control-max-age', String(preflightSeconds)],
    ...(wanted === undefined
      ? []
      : ['access-control-allow-headers', String(wanted), 'vary', 'access-control-request-headers']),
  ];
}
