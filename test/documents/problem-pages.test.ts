/** What a problem means is served where it is met, as JSON and as a page. */
import { advice } from '../../src/documents/problem-guide';
import { problemTypes, toProblemUri } from '../../src/problem';
import { describeEachHost } from '../hosts';

const types = Object.keys(advice) as (keyof typeof advice)[];

describeEachHost('Problems', (host) => {
  test.each(types)('%s is explained', async (type) => {
    const path = `/problems/${type}`;
    const { status, json } = await host.request('GET', path);
    expect([status, json]).toEqual([200, { type: toProblemUri(type), ...problemTypes[type], ...advice[type] }]);
    const page = await host.request('GET', path, { headers: { accept: 'text/html' } });
    expect(page.headers).toMatchObject({
      'content-type': 'text/html; charset=utf-8',
      vary: expect.stringContaining('accept'),
    });
    expect(page.text).toContain(`<h1>${problemTypes[type].title}</h1>`);
    expect(page.text).not.toMatch(/`|undefined/);
  });

  test('are listed, and known again', async () => {
    const { json, headers } = await host.request('GET', '/problems');
    expect((json as { problems: object[] }).problems).toHaveLength(types.length);
    const again = await host.request('GET', '/problems', { headers: { 'if-none-match': String(headers.etag) } });
    expect(again.status).toBe(304);
    expect((await host.request('GET', '/problems/nothing')).status).toBe(404);
  });
});
