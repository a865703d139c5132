/** The paths that Vertex AI chooses for the health and the predictions of a container, added to those that are served. */
import { normalizePath, type Route } from '../http/router';
import type { Card } from '../model/card/card';

export interface VertexRoutes {
  readonly health?: string;
  readonly predict?: string;
}

export function addVertexRoutes(routes: Map<string, Route>, { name, version }: Card, vertex: VertexRoutes): void {
  const [v1, v2] = ['v1', 'v2'].map((api) => `/${api}/models/${encodeURIComponent(name)}`);
  const own = `${v1}/versions/${encodeURIComponent(version)}`;
  add(routes, 'AIP_HEALTH_ROUTE', vertex.health, ['/v2/health/ready', `${v2}/ready`, `${v1}`, own]);
  add(routes, 'AIP_PREDICT_ROUTE', vertex.predict, [`${v1}:predict`, '/predict', '/', `${own}:predict`]);
}

/**
 * Adds `path` with the route of the first of `same`, paths of our own that serve alike: where it is one of them, nothing is to do.
 *
 * Throws an error that names the variable where another route has the path.
 */
function add(
  routes: Map<string, Route>,
  variable: string,
  path: string | undefined,
  same: readonly [string, ...string[]],
): void {
  if (path === undefined) return;
  const known = normalizePath(path);
  if (same.includes(known)) return;
  if (routes.has(known)) {
    const own = same.map((each) => JSON.stringify(each)).join(', ');
    throw new RangeError(
      `${variable} is ${JSON.stringify(path)}, where something else is served: expected a path of its own, or one of ${own}.`,
    );
  }
  routes.set(known, routes.get(same[0]) as Route);
}
