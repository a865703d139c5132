/** The QUERY method (RFC 10008): a POST that predicts, which caches and clients may repeat because it changes nothing. */
import { HttpProblem } from '../http/http-problem';
import type { Handler } from '../http/message';
import type { Route } from '../http/router';

const predicts = /^\/(?:predict|invocations)?$|:(?:predict|explain)$|\/infer$/;
const acceptQuery: readonly string[] = ['accept-query', 'application/json'];

/** Adds QUERY to the routes that predict or explain. */
export function addQueries(routes: Map<string, Route>): void {
  for (const [path, route] of routes) {
    const { POST: post } = route;
    if (post !== undefined && predicts.test(path))
      routes.set(path, { ...route, QUERY: queryOf(post), OPTIONS: optionsOf(route) });
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

function optionsOf(route: Route): Handler {
  const methods = [...Object.keys(route), 'QUERY', ...('GET' in route ? ['HEAD'] : []), 'OPTIONS'];
  return () => ({ status: 204, headers: ['allow', methods.join(', '), ...acceptQuery], body: '' });
}
