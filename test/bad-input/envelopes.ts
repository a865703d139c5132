/** JSON that is a request of no protocol. */
import { type BadRequest, deep, good, sent } from './bad-request';

const unknownEnvelope = { status: 400, type: 'unknown-envelope' };

export const unknownEnvelopes: readonly BadRequest[] = [
  ...['[]', `[${good}]`, deep].map(
    (body): BadRequest => ({
      name: `the array ${body.slice(0, 12)}`,
      ...sent(body),
      ...unknownEnvelope,
      says: ['Expected a JSON object with the member "instances"', 'got an array'],
    }),
  ),
  ...Object.entries({ null: 'null', '5': 'the number 5', true: 'the boolean true', '"x"': 'the string' }).map(
    ([body, came]): BadRequest => ({
      name: `the JSON ${body}`,
      ...sent(body),
      ...unknownEnvelope,
      says: ['Expected a JSON object', `got ${came}`],
    }),
  ),
  { name: 'an empty object', ...sent('{}'), ...unknownEnvelope, says: ['"instances"', 'none'] },
  { name: 'an unknown member', ...sent('{"rows":[]}'), ...unknownEnvelope, says: ['"instances"', '"rows"'] },
  {
    name: 'instances inherited from __proto__',
    ...sent(`{"__proto__":${good}}`),
    ...unknownEnvelope,
    says: ['"instances"', '"__proto__"'],
  },
];
