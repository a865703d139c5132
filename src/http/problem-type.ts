/** Which media type a problem document has for its reader. */
import type { IncomingHttpHeaders } from 'node:http';

/** KServe's SDK takes anything, by its `accept`, and then reads no other type than this one; this is how its library names itself. */
const readsOnlyJson = /^python-httpx\//;

/** For caches: the header fields of a request that decide. */
export const typeDependsOn: readonly string[] = ['vary', 'accept, user-agent'];

/** Whether a client of a protocol with problems of its own reads them as plain JSON only: it asks for that, or is known to. */
export function wantsPlainJson({ accept = '', 'user-agent': agent = '' }: IncomingHttpHeaders): boolean {
  const types = accept.toLowerCase();
  if (types.includes('application/problem+json')) return false;
  return types.includes('application/json') || readsOnlyJson.test(agent);
}
