/** The Model Context Protocol over stateless streamable HTTP: agents predict, explain and read the card as tools. */
import { HttpProblem } from '../../http/http-problem';
import type { HttpReply, HttpRequest } from '../../http/message';
import type { Model } from '../../model/model';
import { chosen, type Deployment, type Protocol } from '../shared/protocol';
import { rpcDialect } from './json-rpc';
import { describeMcp } from './openapi';
import { isTrustedOrigin } from './origin';

// Loaded when an agent calls: other deployments never need it.
const loadAnswer = () => require('./answer') as typeof import('./answer');

const path = '/mcp';

export const mcp: Protocol = {
  name: 'mcp',
  failures: { prefix: path, dialect: rpcDialect(null) },
  routes: routesOf,
  describe: describeMcp,
};

function routesOf({
  serving,
  allowedOrigins,
}: Deployment): [string, { POST: (request: HttpRequest) => HttpReply | Promise<HttpReply> }][] {
  const answer = (model: Model) => (request: HttpRequest) => {
    const { origin } = request.headers;
    if (!isTrustedOrigin(origin, allowedOrigins)) throw untrusted(origin);
    return loadAnswer().answerMessage(model, request);
  };
  return [[path, { POST: chosen(serving, answer) }]];
}

function untrusted(origin: string | undefined): HttpProblem {
  const got = JSON.stringify(String(origin).slice(0, 80));
  return new HttpProblem(
    'untrusted-origin',
    `Expected no Origin, that of a page on this machine, or one that CORS_ORIGINS lists, got ${got}.`,
    { headers: ['vary', 'origin'] },
  );
}
