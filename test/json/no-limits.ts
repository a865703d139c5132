/** Limits that nothing but depth is beyond. */
import type { JsonLimits } from '../../src/json/limits';

const most = Number.MAX_SAFE_INTEGER;

export const noLimits: JsonLimits = {
  maxDepth: 64,
  maxContainers: most,
  maxValues: most,
  maxMembers: most,
  maxHeapBytes: () => most,
  reason: 'tests',
};
