/** Finds the handler for a path and method: one map lookup for the usual spelling of a path, a second for others. */
import { HttpProblem } from './http-problem';
import type { Handler, HttpRequest, RequestHead } from './message';

/** Handlers of one path, by method. */
export type Route = Readonly<Record<string, Handler>>;
/** Routes by path; segments are percent-encoded as `encodeURIComponent` does, with `:` left alone. */
export type Routes = ReadonlyMap<string, Route>;

/** The handler of a request, undefined for an unknown path. Throws `method-not-allowed`. */
export function findHandler(routes: Routes, { path, method, event }: HttpRequest): Handler | undefined {
  let spelling = path;
  let route = routes.get(spelling);
  if (route === undefined) {
    spelling = normalizePath(path);
    route = routes.get(spelling);
  }
  if (route === undefined) return undefined;
  event.route = spelling;
  return route[method] ?? handlerOfMethod(route, method);
}

/** Whether the handler of a request takes its body while it arrives. */
export function takesArriving(routes: Routes, { path, method, headers }: RequestHead): boolean {
  const route = routes.get(path) ?? routes.get(normalizePath(path));
  return route?.[method]?.takesArriving?.(headers) === true;
}

/** The canonical spelling of a path: percent-encoding redone, no trailing slash. */
export function normalizePath(path: string): string {
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
  if (method === 'OPTIONS') return () => ({ status: 204, headers: ['allow', allow], body: '' });
  throw new HttpProblem('method-not-allowed', `Expected ${allow}, got ${JSON.stringify(method)}.`, {
    headers: ['allow', allow],
  });
}

/** The value of an Allow field. */
export function allowedMethods(route: Route): string {
  const methods = Object.keys(route).filter((method) => method !== 'OPTIONS');
  return [...methods, ...(methods.includes('GET') ? ['HEAD'] : []), 'OPTIONS'].join(', ');
}
