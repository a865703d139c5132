/** What a protocol is to the application: one object with its routes, how it spells failures, and its part of the OpenAPI document. */
import type { Dialect } from '../../http/dialect';
import type { Handler } from '../../http/message';
import type { Route } from '../../http/router';
import type { Model } from '../../model/model';
import type { Described, OpenApiPart } from '../../openapi/part';
import type { Serving } from '../../serving/serving';
import type { VersionCounts } from '../../telemetry/version-counts';
import type { Carrier } from './carrier';
import type { Envelope } from './envelope';

export interface Protocol {
  readonly name: string;
  /** Paths that begin so are its own, and failures under them are spelled its way. */
  readonly failures?: { readonly prefix: string; readonly dialect: Dialect };
  /** Bodies that are known by a member: `POST /` and `POST /predict` take those of every protocol. */
  readonly envelopes?: readonly Envelope[];
  /** Forms in which envelopes travel. */
  readonly carriers?: readonly Carrier[];
  /** Where a model predicts, for readers. */
  predictPath?(modelName: string): string;
  routes?(deployment: Deployment): readonly (readonly [path: string, route: Route])[];
  describe?(described: Described): OpenApiPart;
}

/** What routes are made from. */
export interface Deployment {
  readonly serving: Serving;
  /** The counts of each version, the champion's first. */
  readonly versions: readonly VersionCounts[];
  /** Takes the bodies of envelopes, plain or carried, for one model. */
  take(model: Model, envelopes: readonly Envelope[]): Handler;
}

/** A handler made for each model: every request goes to that of the model that is to answer it. */
export function chosen({ each }: Serving, create: (model: Model) => Handler): Handler {
  const handler = each(create);
  return (request) => handler()(request);
}
