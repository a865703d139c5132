/** Documents have entity tags: who has one is told so, and gets it again only when it is another. */
import { describeEachHost } from '../hosts';

describeEachHost('A document', (host) => {
  test.each([
    ['/model-card.json', '*/*'],
    ['/openapi.json', '*/*'],
    ['/', 'application/json'],
    ['/', 'text/html'],
  ])('%s as %s is not sent again to who has it', async (path, accept) => {
    const first = await host.request('GET', path, { headers: { accept } });
    const { etag = '', 'cache-control': control } = first.headers;
    expect([first.status, control, etag]).toEqual([200, 'no-cache', expect.stringMatching(/^W\/"[\w-]{22}"$/)]);
    for (const known of [etag, etag.slice(2), `"other", ${etag}`, '*']) {
      const again = await host.request('GET', path, { headers: { accept, 'if-none-match': known } });
      expect([again.status, again.text, again.headers.etag]).toEqual([304, '', etag]);
      expect(again.headers['content-length']).toBeUndefined();
    }
    const other = await host.request('GET', path, { headers: { accept, 'if-none-match': '"other"' } });
    expect([other.status, other.text]).toEqual([200, first.text]);
    expect((await host.request('HEAD', path, { headers: { accept, 'if-none-match': etag } })).status).toBe(304);
  });
});
