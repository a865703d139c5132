/** What a page's `fetch` in a real browser gets: a hint where the type is missing, QUERY, and documents that it keeps. */
import { type Host, startHost } from '../hosts';
import { goodInstance } from '../model-files';
import { usePages } from './browser';

const { open, testInBrowser } = usePages();
const body = JSON.stringify({ instances: [goodInstance] });
let host: Host;
beforeAll(async () => {
  host = await startHost('server.ts');
});
afterAll(() => host.stop());

testInBrowser('A body without a type is refused with the header field to set', async () => {
  const page = await open(`${host.url}/`);
  const refused = await page.evaluate(async (sent) => {
    const answer = await fetch('/predict', { method: 'POST', body: sent });
    return { status: answer.status, detail: ((await answer.json()) as { readonly detail: string }).detail };
  }, body);
  expect(refused).toEqual({ status: 415, detail: expect.stringContaining('"content-type": "application/json"') });
});

testInBrowser('A browser sends QUERY', async () => {
  const page = await open(`${host.url}/`);
  const answered = await page.evaluate(async (sent) => {
    const headers = { 'content-type': 'application/json' };
    const [query, post] = await Promise.all(
      ['QUERY', 'POST'].map(async (method) => (await fetch('/predict', { method, headers, body: sent })).text()),
    );
    return { query, post };
  }, body);
  expect(answered.query).toContain('"predictions"');
  expect(answered.query).toBe(answered.post);
});

testInBrowser.each(['/model-card.json', '/openapi.json'])(
  'A browser asks again for %s and gets no second copy',
  async (path) => {
    const page = await open(`${host.url}/`);
    // What the page itself asks for is not counted.
    await page.waitForLoadState('networkidle');
    const wire: number[] = [];
    const session = await page.context().newCDPSession(page);
    await session.send('Network.enable');
    session.on('Network.responseReceivedExtraInfo', ({ statusCode }) => wire.push(statusCode));
    const texts = await page.evaluate(async (asked) => {
      const first = await (await fetch(asked)).text();
      return { first, second: await (await fetch(asked)).text() };
    }, path);
    expect(texts.second).toBe(texts.first);
    expect(wire).toEqual([200, 304]);
  },
);
