/** What the application knows of a protocol: its routes, how it spells failures, and its part of the OpenAPI document. */
import type { Dialect } from '../../http/dialect';
import { type Handler, type HttpRequest, marksOf } from '../../http/message';
import type { Route } from '../../http/router';
import type { Model } from '../../model/model';
import type { Described, OpenApiPart } from '../../openapi/part';
import type { AllowedOrigins } from '../../origins';
import type { Serving } from '../../serving/serving';
import type { VersionCounts } from '../../telemetry/version-counts';
import type { Carrier } from './carrier';
import type { Envelope } from './envelope';

export interface Protocol {
  readonly name: string;
  /** Paths with this prefix belong to the protocol, and failures there use its spelling. */
  readonly failures?: { readonly prefix: string; readonly dialect: Dialect };
  /** Bodies identified by a key: `POST /` and `POST /predict` take those of every protocol. */
  readonly envelopes?: readonly Envelope[];
  /** Formats that carry envelopes. */
  readonly carriers?: readonly Carrier[];
  /** The prediction path, for documentation. */
  predictPath?(modelName: string): string;
  routes?(deployment: Deployment): readonly (readonly [path: string, route: Route])[];
  describe?(described: Described): OpenApiPart;
}

/** What routes are created from. */
export interface Deployment {
  readonly serving: Serving;
  /** The counts of each version, the champion's first. */
  readonly versions: readonly VersionCounts[];
  readonly allowedOrigins: AllowedOrigins;
  /** Handles bodies in these envelopes, plain or carried, for one model. */
  take(model: Model, envelopes: readonly Envelope[]): Handler;
}

/** One handler per model; each request goes to the model chosen to answer it. */
export function chosen({ each }: Serving, create: (model: Model) => Handler): Handler {
  const handler = each(create);
  return Object.assign((request: HttpRequest) => handler()(request), marksOf(handler()));
}
