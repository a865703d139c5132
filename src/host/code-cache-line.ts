/** Says once, at the start of a bundled host, whether V8 took the code that the build had compiled. */
import { readCodeCacheState } from '../code-cache';
import { logEvent } from '../telemetry/log/log';

export function logCodeCache(): void {
  const state = readCodeCacheState();
  if (state === 'accepted') logEvent('INFO', 'The code cache of the build is in use.');
  else if (state !== undefined) logEvent('WARNING', reasons[state]);
}

const slower = 'Starts take longer.';
const reasons = {
  missing: `The code cache of the build is not beside its bundle. ${slower}`,
  rejected:
    `V8 refused the code cache of the build: expected the Node.js version and the V8 flags of the build, got Node.js ` +
    `${process.versions.node} and perhaps other flags in NODE_OPTIONS (before Node.js 24, heap sizes count). ${slower}`,
};
