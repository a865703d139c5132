/** The SHA-256 of bytes or text. */

// Late: a cold start would wait 3 ms for node:crypto, and a deploy serves its first prediction without any hash.
const loadCrypto = () => require('node:crypto') as typeof import('node:crypto');

export function createSha256() {
  return loadCrypto().createHash('sha256');
}

export function sha256(content: string | Uint8Array, encoding: 'hex' | 'base64' | 'base64url' = 'hex'): string {
  return createSha256().update(content).digest(encoding);
}
