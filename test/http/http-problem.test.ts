/** The header fields of a problem's answer: when to come back, and those of HTTP alone. */
import { HttpProblem, problemFields } from '../../src/http/http-problem';
import { Problem, toProblemDocument } from '../../src/problem';

const headers = ['allow', 'GET, HEAD'];

describe('The header fields of a problem', () => {
  test('are none where nothing is to be said', () => {
    expect(problemFields(new Problem('not-found', 'No.'))).toEqual([]);
  });

  test('say when to come back', () => {
    expect(problemFields(new Problem('overloaded', 'No.', { retryAfterSeconds: 3 }))).toEqual(['retry-after', '3']);
  });

  test('are those that a problem of HTTP brings', () => {
    expect(problemFields(new HttpProblem('method-not-allowed', 'No.', { headers }))).toEqual(headers);
  });

  test('are both where a problem of HTTP says when to come back', () => {
    const problem = new HttpProblem('draining', 'No.', { headers, retryAfterSeconds: 1 });
    expect(problemFields(problem)).toEqual(['retry-after', '1', ...headers]);
  });
});

test('A problem of HTTP is a problem like others to whoever spells its document', () => {
  const options = { errors: [{ pointer: '/instances', detail: 'No.' }], cause: new Error('why') };
  const [plain, ofHttp] = [
    new Problem('not-found', 'No.', options),
    new HttpProblem('not-found', 'No.', { ...options, headers }),
  ];
  expect(toProblemDocument(ofHttp)).toEqual(toProblemDocument(plain));
  expect([ofHttp.name, ofHttp.cause]).toEqual(['Problem', options.cause]);
});
