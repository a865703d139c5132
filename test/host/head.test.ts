/** The head of a request: forms of its target, its Host, its Expect. */
import type { Client } from '../client';
import { describeEachHost } from '../hosts';
import { goodInstance } from '../model-files';

const body = JSON.stringify({ instances: [goodInstance] });

function send({ sendBytes }: Client, line: string, fields: readonly string[], version = '1.1'): Promise<string> {
  const length = line.startsWith('POST') ? [`content-length: ${body.length}`, 'content-type: application/json'] : [];
  const head = [`${line} HTTP/${version}`, ...fields, ...length, 'connection: close', '', ''].join('\r\n');
  return sendBytes(line.startsWith('POST') ? head + body : head);
}

describeEachHost('The head of a request', (host) => {
  test.each([
    ['POST http://example.com/predict', 'example.com', '200'],
    ['POST HTTP://Example.com:8080/predict?a=b', 'example.com', '200'],
    ['POST https://[::1]:1/predict', '', '200'],
    ['GET http://example.com', 'example.com', '200'],
    ['GET http://example.com?a=b', 'example.com', '200'],
    ['GET http://example.com/v2/health/live', 'localhost', '200'],
    ['GET http://example.com/nothing', 'example.com', '404'],
    ['GET ftp://example.com/predict', 'example.com', '404'],
  ])('%s with Host "%s" is %s', async (line, name, status) => {
    // Its router takes a target without a path for another.
    if (host.differsIn('OPTIONS *') && (status === '404' || /com(\?|$)/.test(line))) return;
    expect(await send(host, line, [`host: ${name}`])).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
  });

  test.each([
    ['no Host', []],
    ['two Hosts', ['host: a', 'Host: a']],
    ['a Host that is none', ['host: a b']],
    ['a Host with a path', ['host: a/b']],
  ])('%s is refused with 400', async (_, fields) => {
    const answer = await send(host, 'GET /', fields);
    expect(answer).toMatch(/^HTTP\/1\.1 400 /);
    expect(answer).toContain('application/problem+json');
  });

  test('HTTP/1.0 needs no Host', async () => {
    expect(await send(host, 'POST /predict', [], '1.0')).toMatch(/^HTTP\/1\.[01] 200 /);
  });

  test('an unknown expectation is refused with 417', async () => {
    const answer = await send(host, 'POST /predict', ['host: a', 'expect: 200-ok']);
    expect(answer).toMatch(/^HTTP\/1\.1 417 /);
    expect(answer).toContain('application/problem+json');
  });

  test.each(['100-continue', '100-Continue'])('%s is told to go on, and answered', async (expectation) => {
    const answer = await send(host, 'POST /predict', ['host: a', `expect: ${expectation}`]);
    expect(answer).toMatch(/^HTTP\/1\.1 100 Continue\r\n\r\nHTTP\/1\.1 200 /);
  });

  test('an offer to speak another protocol is passed over', async () => {
    const fields = ['host: a', 'upgrade: h2c', 'connection: upgrade'];
    expect(await send(host, 'POST /predict', fields)).toMatch(/^HTTP\/1\.1 200 /);
  });
});
