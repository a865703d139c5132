/** The path of a request target, in origin form or absolute form (RFC 9112, 3.2). */

/** Scheme and authority of an absolute-form target, which proxies send; any host name is accepted. */
const origin = /^https?:\/\/[^/?#]*/i;

export function toPath(target: string): string {
  const local = target.startsWith('/') ? target : toOriginForm(target);
  const query = local.indexOf('?');
  return query === -1 ? local : local.slice(0, query);
}

function toOriginForm(target: string): string {
  if (!origin.test(target)) return target;
  const local = target.replace(origin, '');
  return local.startsWith('/') ? local : `/${local}`;
}
