/** The OpenAPI document has a page: each operation and schema, links that lead somewhere, nothing that runs. */
import { createHash } from 'node:crypto';
import { protocols } from '../../src/app/protocols';
import { describeApi } from '../../src/documents/api-page';
import { createOpenApi } from '../../src/documents/openapi';
import { everyModel } from '../every-model';
import { describeEachHost } from '../hosts';
import { openApi } from '../openapi/answers';

const operations = Object.entries(openApi.paths).flatMap(([path, methods]) =>
  ['get', 'post'].flatMap((method) => (methods[method] === undefined ? [] : [`${method.toUpperCase()} ${path}`])),
);

describeEachHost('The page of the document', (host) => {
  test('shows each operation and each schema, folded', async () => {
    const { status, headers, text } = await host.request('GET', '/docs', { headers: { accept: 'text/html' } });
    expect([status, headers['content-type']]).toEqual([200, 'text/html; charset=utf-8']);
    const summaries = [...text.matchAll(/<summary><code>([^<]+)<\/code>/g)].map(([, name]) => name);
    const named = [...operations, ...Object.keys(openApi.components.schemas)];
    expect(summaries.toSorted()).toEqual(named.toSorted());
    expect(text).not.toMatch(/undefined|\[object|<details open/);
  });

  test('has links that lead somewhere, and each place once', async () => {
    const { text } = await host.request('GET', '/docs');
    const ids = [...text.matchAll(/ id="([^"]+)"/g)].map(([, id]) => id);
    expect(new Set(ids).size).toBe(ids.length);
    const links = [...text.matchAll(/href="#([^"]+)"/g)].map(([, id]) => id);
    expect(links.length).toBeGreaterThan(100);
    expect(links.filter((id) => !ids.includes(id))).toEqual([]);
  });

  test('runs nothing, loads nothing, and is known again', async () => {
    const { text, headers } = await host.request('GET', '/docs');
    expect(text).not.toMatch(/<script|<link (?!rel="icon" href="data:)|src=|https?:|style=/);
    const [, styles = ''] = /<style>([^<]*)<\/style>/.exec(text) ?? [];
    const digest = createHash('sha256').update(styles).digest('base64');
    expect(headers['content-security-policy']).toBe(
      `default-src 'none'; img-src data:; style-src 'sha256-${digest}'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
    );
    const again = await host.request('GET', '/docs', { headers: { 'if-none-match': String(headers.etag) } });
    expect(again.status).toBe(304);
  });
});

test.each(everyModel)('The document of $name has a page', ({ card, samples }) => {
  const { body } = describeApi(createOpenApi(protocols, card, samples));
  expect(body).not.toMatch(/undefined|\[object/);
});

test('Nothing that a card says becomes a part of the page', () => {
  const words = JSON.stringify(openApi).replaceAll('petal_length', '<b>&').replaceAll('Iris species', '</title><i>');
  const { body } = describeApi(JSON.parse(words) as Parameters<typeof describeApi>[0]);
  expect(body).toContain('&lt;b&gt;&amp;');
  expect(body).not.toMatch(/<b>|<i>/);
});
