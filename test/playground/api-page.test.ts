/** The page of the OpenAPI document in a real browser: no barriers, no sideways scrolling, links that unfold. */
import { join } from 'node:path';
import { type Host, startHost } from '../hosts';
import { findBarriers, neededWidth, pictures, usePages } from './browser';

const { open, testInBrowser } = usePages();
let host: Host;
beforeAll(async () => {
  host = await startHost('server.ts');
});
afterAll(() => host.stop());

testInBrowser.each([320, 1200])('The page of the document fits into %i pixels and keeps nobody out', async (width) => {
  const page = await open(`${host.url}/docs`, { viewport: { width, height: 900 } });
  await page.locator('summary', { hasText: 'POST /predict' }).click();
  await page.locator('summary', { hasText: 'PredictRequest' }).first().click();
  expect(await findBarriers(page)).toEqual([]);
  expect(await neededWidth(page)).toBeLessThanOrEqual(width);
  await page.screenshot({ path: join(pictures, `api-page-${width}.png`) });
});

testInBrowser.each(['light', 'dark'] as const)('Pages of text can be read in %s colours', async (colorScheme) => {
  for (const path of ['docs', 'problems', 'problems/invalid-input']) {
    const page = await open(`${host.url}/${path}`, { colorScheme });
    expect([path, await findBarriers(page)]).toEqual([path, []]);
    await page.screenshot({ path: join(pictures, `${path.replace('/', '-')}-${colorScheme}.png`) });
  }
});

testInBrowser('A link to a schema opens what is folded', async () => {
  const page = await open(`${host.url}/docs`);
  await page.locator('summary', { hasText: 'POST /bigquery' }).click();
  await page.locator('#predictForBigQuery a', { hasText: 'BigQueryRequest' }).first().click();
  expect(await page.locator('#schema-BigQueryRequest').isVisible()).toBe(true);
});
