/** The served protocols. Envelopes are matched in this order, and a carrier may hold any that follow it. */
import { bigQuery } from '../protocols/bigquery/bigquery';
import { cloudEvents } from '../protocols/cloud-events/cloud-events';
import { invocations } from '../protocols/invocations/invocations';
import { kserveV1 } from '../protocols/kserve-v1/kserve-v1';
import { mcp } from '../protocols/mcp/mcp';
import { openInference } from '../protocols/open-inference/open-inference';
import { pubSub } from '../protocols/pub-sub/pub-sub';
import type { Protocol } from '../protocols/shared/protocol';

export const protocols: readonly Protocol[] = [
  kserveV1,
  openInference,
  bigQuery,
  cloudEvents,
  pubSub,
  mcp,
  invocations,
];
