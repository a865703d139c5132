/** Which web pages may call tools: none but those of this machine and those that CORS_ORIGINS lists. */
import type { AllowedOrigins } from '../../origins';

// An attacker's page that a rebound DNS name points here has its own name as its origin, and as the Host.
const ofThisMachine = /^https?:\/\/(?:localhost|127\.0\.0\.1|\[::1\])(?::\d+)?$/;

export function isTrustedOrigin(origin: string | undefined, allowed: AllowedOrigins): boolean {
  return origin === undefined || allowed === '*' || allowed.includes(origin) || ofThisMachine.test(origin);
}
