/** The paths that Vertex AI chooses for the health and the predictions of a container, added to those that are served. */
import { normalizePath, type Route } from '../http/router';

export interface VertexRoutes {
  readonly health?: string;
  readonly predict?: string;
}

export interface VertexRoute {
  /** The variable that says the path. */
  readonly variable: string;
  readonly path: string | undefined;
  readonly route: Route;
  /** Own paths that do the same: one of them needs nothing, and any other is taken. */
  readonly same: readonly string[];
}

/** Adds a route. Throws an error that names the variable where another route has its path. */
export function addVertexRoute(routes: Map<string, Route>, { variable, path, route, same }: VertexRoute): void {
  if (path === undefined) return;
  const known = normalizePath(path);
  if (same.includes(known)) return;
  if (routes.has(known)) {
    const own = same.map((each) => JSON.stringify(each)).join(', ');
    throw new RangeError(
      `${variable} is ${JSON.stringify(path)}, where something else is served: expected a path of its own, or one of ${own}.`,
    );
  }
  routes.set(known, route);
}
