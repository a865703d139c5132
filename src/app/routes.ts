/** The route table: the paths of protocols and documents, and those that all protocols share. */
import { documentRoutes } from '../documents/routes';
import type { Dialect } from '../http/dialect';
import type { Route, Routes } from '../http/router';
import { quote } from '../model/instances/faults';
import type { Model } from '../model/model';
import type { AllowedOrigins } from '../origins';
import { Problem } from '../problem';
import { envelopeHandler } from '../protocols/shared/envelope-handler';
import { unknownModel, unknownVersion, whereFeedbackGoes } from '../protocols/shared/models';
import { chosen, type Deployment, type Protocol } from '../protocols/shared/protocol';
import { tableHandler } from '../protocols/shared/tables/table-handler';
import type { Serving } from '../serving/serving';
import type { Telemetry } from '../telemetry/telemetry';
import { protocols } from './protocols';
import { addQueries } from './query-method';
import { addVertexRoutes, type VertexRoutes } from './vertex-routes';

/** What the configuration says of paths and of who may call them. */
export interface RouteSettings extends VertexRoutes {
  readonly corsOrigins?: AllowedOrigins;
}

export function createRoutes(
  serving: Serving,
  telemetry: Pick<Telemetry, 'versions' | 'createReader'>,
  settings: RouteSettings,
  served: readonly Protocol[] = protocols,
): Routes {
  const carriers = served.flatMap((protocol) => protocol.carriers ?? []);
  const envelopes = served.flatMap((protocol) => protocol.envelopes ?? []);
  const deployment: Deployment = {
    serving,
    versions: telemetry.versions,
    allowedOrigins: settings.corsOrigins ?? [],
    take: (model, taken) => envelopeHandler(model, taken, carriers),
  };
  const predictAny = {
    POST: chosen(serving, (model) => tableHandler(model, 'table', deployment.take(model, envelopes))),
  };
  const routes = new Map<string, Route>();
  for (const [path, route] of [
    ...documentRoutes({ serving, telemetry, protocols: served }),
    ['/', predictAny] as const,
    ['/predict', predictAny] as const,
    ...served.flatMap(({ routes: own }) => own?.(deployment) ?? []),
  ])
    routes.set(path, { ...routes.get(path), ...route });
  addVertexRoutes(routes, serving.champion.card, settings);
  addQueries(routes);
  return routes;
}

/** How failures under a path are spelled, unless the body decides. */
export function dialectOf(path: string): Dialect | undefined {
  return protocols.find(({ failures }) => failures !== undefined && path.startsWith(failures.prefix))?.failures
    ?.dialect;
}

export function unknownPath(path: string, models: readonly Model[]): Problem {
  const [, other, , otherVersion] = /^\/v[12]\/models\/([^/:]+)(\/versions\/([^/:]+))?/.exec(path) ?? [];
  const [champion] = models as readonly [Model];
  const { name } = champion.card;
  const versions = models.map(({ card }) => card.version);
  if (other !== undefined && other !== encodeURIComponent(name)) return unknownModel(other, models);
  if (otherVersion !== undefined && !versions.map(encodeURIComponent).includes(otherVersion))
    return unknownVersion(otherVersion, models);
  if (/[:/]feedback$/.test(path))
    return new Problem('not-found', `Nothing is served under ${quote(path)}: ${whereFeedbackGoes(champion)}.`);
  return new Problem('not-found', `Nothing is served under ${quote(path)}; GET / lists what is.`);
}
