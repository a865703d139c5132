/** Chooses the media type of a problem document by its reader. */
import type { IncomingHttpHeaders } from 'node:http';

/** The HTTP library of KServe's SDK, which accepts any type but reads only `application/json`. */
const readsOnlyJson = /^python-httpx\//;

/** Tells caches which request header fields decide. */
export const typeDependsOn: readonly string[] = ['vary', 'accept, user-agent'];

/** Whether a client reads problems only as plain JSON: it asks for that, or is known to. */
export function wantsPlainJson({ accept = '', 'user-agent': agent = '' }: IncomingHttpHeaders): boolean {
  const types = accept.toLowerCase();
  if (types.includes('application/problem+json')) return false;
  return types.includes('application/json') || readsOnlyJson.test(agent);
}
