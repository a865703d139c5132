/** The QUERY method (RFC 10008): a POST that predicts, which caches and clients may repeat because it changes nothing. */
import { HttpProblem } from '../http/http-problem';
import type { Handler } from '../http/message';
import { allowedMethods, type Route } from '../http/router';

const predicts = /^\/(?:predict|invocations)?$|:(?:predict|explain)$|\/infer$/;
const acceptQuery: readonly string[] = ['accept-query', 'application/json'];

/** Adds QUERY to the routes that predict or explain. */
export function addQueries(routes: Map<string, Route>): void {
  for (const [path, route] of routes) {
    const { POST: post } = route;
    if (post !== undefined && predicts.test(path)) routes.set(path, withQuery({ ...route, QUERY: queryOf(post) }));
  }
}

/** A query says of what type it is: to guess is not allowed. */
function queryOf(post: Handler): Handler {
  return (request) => {
    if (request.headers['content-type'] !== undefined) return post(request);
    throw new HttpProblem('unsupported-media-type', 'Expected a content-type with QUERY, got none.', {
      headers: acceptQuery,
    });
  };
}

function withQuery(route: Route): Route {
  const headers = ['allow', allowedMethods(route), ...acceptQuery];
  return { ...route, OPTIONS: () => ({ status: 204, headers, body: '' }) };
}
