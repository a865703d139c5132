/** Adds the health and prediction paths that Vertex AI and Azure ML choose for a container. */
import { modelPath, versionPath } from '../http/model-path';
import { normalizePath, type Route } from '../http/router';
import type { Card } from '../model/card/card';

export interface VertexRoutes {
  readonly health?: string;
  readonly predict?: string;
  /** Azure ML's path for predictions. */
  readonly score?: string;
}

export function addVertexRoutes(routes: Map<string, Route>, { name, version }: Card, vertex: VertexRoutes): void {
  const v1 = modelPath('/v1', name);
  const own = versionPath(v1, version);
  add(routes, 'AIP_HEALTH_ROUTE', vertex.health, [
    '/v2/health/ready',
    `${modelPath('/v2', name)}/ready`,
    v1,
    own,
    '/ping',
    '/health',
  ]);
  add(routes, 'AIP_PREDICT_ROUTE', vertex.predict, [
    `${v1}:predict`,
    '/predict',
    '/',
    `${own}:predict`,
    '/invocations',
  ]);
  add(routes, 'SCORE_ROUTE', vertex.score, ['/invocations']);
}

/**
 * Adds `path` with the route of `same[0]`; does nothing if `path` is in `same`, our paths that serve the same.
 *
 * Throws an error that names the variable if another route has the path.
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
      `${variable} is ${JSON.stringify(path)}, which already serves something else: expected an unused path, or one of ${own}.`,
    );
  }
  routes.set(known, routes.get(same[0]) as Route);
}
