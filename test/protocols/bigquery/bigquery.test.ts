/** BigQuery remote functions: the envelope of its documentation, its encodings of values, NULL, and batches of its size. */

import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Reply } from '../../client';
import { crowd, crowded, crowdRows } from '../../crowd';
import { describeEachHost } from '../../hosts';
import { copyModel } from '../../model-copy';
import { card, featureNames, goodInstance, isCloseTo, type Prediction, samples, toObjectForm } from '../../model-files';

interface Context {
  readonly answer?: unknown;
  readonly nulls?: unknown;
}

function envelope(calls: unknown, userDefinedContext?: Context) {
  return {
    requestId: '124ab1c',
    caller: '//bigquery.googleapis.com/projects/myproject/jobs/myproject:US.bquxjob_5b4c112c_17961fafeaf',
    sessionUser: 'analyst@example.com',
    ...(userDefinedContext && { userDefinedContext }),
    calls,
  };
}

function repliesOf({ status, json, text }: Reply): readonly unknown[] {
  expect(status === 200 ? 'ok' : text).toBe('ok');
  return (json as { readonly replies: readonly unknown[] }).replies;
}

const expected = samples[0]?.prediction as Prediction;
const nulled = goodInstance.map((value, i) => (i === 1 ? null : value));
const notANumber = goodInstance.map((value, i) => (i === 1 ? 'NaN' : value));

describeEachHost('BigQuery', (host) => {
  const ask = (calls: unknown, context?: Context, path = '/bigquery') => host.post(path, envelope(calls, context));

  test.each(['/', '/predict', '/bigquery'])('gets a reply for each call of %s, in order', async (path) => {
    const replies = repliesOf(
      await ask(
        samples.map(({ instance }) => instance),
        undefined,
        path,
      ),
    );
    expect(replies).toHaveLength(samples.length);
    expect(samples.filter(({ prediction }, i) => !isCloseTo(replies[i] as Prediction, prediction))).toEqual([]);
  });

  test.each([
    ['an argument a feature', goodInstance],
    ['numbers as text', goodInstance.map(String)],
    ['a JSON object', [toObjectForm(goodInstance)]],
    ['a JSON object of text', [toObjectForm(goodInstance.map(String))]],
    ['a JSON array', [goodInstance]],
  ])('may send %s', async (_form, call) => {
    const [reply] = repliesOf(await ask([call]));
    expect(isCloseTo(reply as Prediction, expected)).toBe(true);
  });

  test.each<[unknown, unknown]>([
    ['label', expected.label],
    ['probabilities', expected.probabilities],
    ['json', expected],
  ])('may choose with its context that a reply is the %s', async (answer, wanted) => {
    expect(repliesOf(await ask([goodInstance], { answer }))).toEqual([wanted]);
  });

  test.each([
    [[nulled], 'N'],
    [[nulled, goodInstance], 'NP'],
    [[goodInstance, nulled], 'PN'],
    [[nulled, nulled, goodInstance, notANumber, goodInstance, [null], nulled], 'NNPNPNN'],
    [[goodInstance, goodInstance, nulled, nulled, goodInstance], 'PPNNP'],
    [[[null], [{ ...toObjectForm(goodInstance), [featureNames[0] ?? '']: null }]], 'NN'],
  ])('gets NULL for a call with NULL or NaN, and nothing else: %#', async (calls, pattern) => {
    const replies = repliesOf(await ask(calls));
    expect(replies.map((reply) => (reply === null ? 'N' : 'P')).join('')).toBe(pattern);
    for (const reply of replies) if (reply !== null) expect(isCloseTo(reply as Prediction, expected)).toBe(true);
  });

  test('sends 10 000 calls at once, some with NULL', async () => {
    const calls = Array.from({ length: 10_000 }, (_, i) =>
      i % 7 === 3 ? nulled : samples[i % samples.length]?.instance,
    );
    const replies = repliesOf(await ask(calls, { answer: 'label' }));
    expect(replies).toEqual(calls.map((_, i) => (i % 7 === 3 ? null : samples[i % samples.length]?.prediction.label)));
  });

  test.each<[string, unknown, Context, string]>([
    ['no list of calls', {}, {}, '/calls: expected an array of calls, got an object'],
    ['no calls', [], {}, '/calls: expected at least one call'],
    ['a call that is no list', [goodInstance, 7], {}, '/calls/1: expected an array of arguments, got the number 7'],
    ['NULL where the context forbids it', [goodInstance, nulled], { nulls: 'error' }, '/calls/1: expected no NULL'],
    ['too few arguments', [nulled, goodInstance.slice(1)], {}, `/calls/1: expected ${featureNames.length} values`],
    ['too few arguments and NULL', [[null, 1], goodInstance], {}, `/calls/0: expected ${featureNames.length} values`],
    ['too few values of JSON and NULL', [[[null]]], {}, `/calls/0/0: expected ${featureNames.length} values`],
    ['text that is no number', [nulled, ['x', ...goodInstance.slice(1)]], {}, '/calls/1/0: '],
    ['an infinite number', [['Infinity', ...goodInstance.slice(1)]], {}, 'got the string "Infinity"'],
    ['a JSON object without a feature', [nulled, [{}]], {}, '/calls/1/0: expected the feature'],
    ['a JSON array with text', [[['x', ...goodInstance.slice(1)]]], {}, '/calls/0/0/0: '],
    [
      'an unknown form of answer',
      [goodInstance],
      { answer: 'score' },
      '/userDefinedContext/answer: expected one of "json"',
    ],
    [
      'an unknown rule for NULL',
      [goodInstance],
      { nulls: 'skip' },
      '/userDefinedContext/nulls: expected "null" or "error"',
    ],
  ])('is told under errorMessage, and not to try again, of %s', async (_what, calls, context, says) => {
    for (const path of ['/', '/bigquery']) {
      const { status, json, bytes } = await ask(calls, context, path);
      expect(status).toBe(422);
      const { errorMessage } = json as { readonly errorMessage: string };
      expect(errorMessage).toContain(says);
      expect(bytes.length).toBeLessThan(1024);
    }
  });

  test.each(['x', '漢', '😀', '\\', '"', '\u0001', '\ud83d'])(
    'is told shortly of long names of %j',
    async (character) => {
      const long = Object.fromEntries(
        Array.from({ length: 30 }, (_, i) => [`${character.repeat(300)}${i}`, character]),
      );
      const values = goodInstance.map(() => character.repeat(300));
      for (const body of [envelope([[long]]), envelope([values]), long]) {
        const { status, json, bytes } = await host.post('/bigquery', body);
        const { errorMessage } = json as { readonly errorMessage: string };
        expect([400, 422]).toContain(status);
        expect(errorMessage).toMatch(/xpected/);
        expect(bytes.length).toBeLessThan(1024);
      }
    },
  );

  test('is told of two envelopes in one', async () => {
    const { status, json } = await host.post('/predict', { calls: [goodInstance], instances: [goodInstance] });
    expect([status, (json as { readonly detail: string }).detail]).toEqual([
      400,
      expect.stringContaining('got "instances" and "calls"'),
    ]);
  });
});

describeEachHost(
  'BigQuery, with room for few rows,',
  (host) => {
    test('is told to try again when the instance is busy', async () => {
      const { refused, answers } = await crowd(host, () => host.post('/bigquery', envelope([goodInstance])));
      expect([refused.status, refused.headers['retry-after']]).toEqual([429, '1']);
      expect(refused.json).toMatchObject({ errorMessage: expect.stringContaining('limit 1') });
      expect(answers).toBe(crowdRows);
    });
  },
  { env: crowded },
);

/** Rows whose replies are of a kilobyte, so that a few thousand are too many. */
const wordy = copyModel();
afterAll(() => wordy.remove());
const lengthen = (text: string) =>
  card.labels.reduce((long, label) => long.replaceAll(`"${label}"`, `"${label.padEnd(240, '-')}"`), text);
for (const name of ['card.json', 'samples.json'])
  wordy.write(name, lengthen(readFileSync(join(wordy.directory, name), 'utf8')));

describeEachHost(
  'BigQuery takes 15 MB of replies, so it',
  (host) => {
    const replyBytes = `${lengthen(JSON.stringify(expected))},`.length;
    const fitting = Math.floor(14_900_000 / replyBytes);
    const send = (count: number) => host.post('/bigquery', envelope(Array.from({ length: count }, () => goodInstance)));

    test('gets as many as fit', async () => {
      const reply = await send(fitting - 1);
      expect(repliesOf(reply)).toHaveLength(fitting - 1);
      expect(reply.bytes.length).toBeLessThan(15_000_000);
    });

    // The last of an answer's pieces is short: one row too many shows in it, many show before.
    test.each([fitting + 1, 2 * fitting])('is told what to set for %i rows', async (count) => {
      const { status, json } = await send(count);
      expect(status).toBe(413);
      expect(json).toMatchObject({ errorMessage: expect.stringContaining('set a lower max_batching_rows') });
    });
  },
  { env: { MODEL_DIR: wordy.directory } },
);
