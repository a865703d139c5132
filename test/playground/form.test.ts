/** The page's form and its prediction: what is missing or wrong is said at its field, and a row can be pasted and shared. */
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import type { Page } from 'playwright-core';
import { type Host, startHost } from '../hosts';
import { card, samples } from '../model-files';
import { browserNames, drawn, findBarriers, neededWidth, pictures, predicted, usePages } from './browser';

const [first] = card.features;
const firstLabel = samples[0]?.prediction.label ?? '';

function styleOf(page: Page, selector: string, name: string): Promise<string> {
  return page.evaluate(`getComputedStyle(document.querySelector('${selector}')).getPropertyValue('${name}')`);
}

describe.each(browserNames)('The form of the playground in %s', (browser) => {
  const { open, testInBrowser } = usePages(browser);
  let host: Host;
  beforeAll(async () => {
    host = await startHost('server.ts');
  });
  afterAll(() => host.stop());

  testInBrowser('says that an emptied field is missing, without asking the endpoint or moving the slider', async () => {
    const page = await open(host.url);
    await predicted(page, firstLabel);
    await drawn(page);
    const slider = page.getByLabel(`${first?.name}, slider`);
    const before = await slider.inputValue();
    const asked: string[] = [];
    page.on('request', (sent) => asked.push(sent.url()));
    await page.locator('#field-0').fill('');
    await page.locator('#fault-0', { hasText: 'is missing' }).waitFor();
    expect(await page.locator('#earlier').textContent()).toBe('Earlier prediction; the current input has none.');
    expect(await slider.inputValue()).toBe(before);
    expect(asked).toEqual([]);
  });

  testInBrowser('says a fault at its field, and leads from the summary to the field', async () => {
    const page = await open(host.url);
    await page.locator('#field-1').fill('tall');
    await page.locator('#fault-1', { hasText: 'expected a number, got the string "tall"' }).waitFor();
    expect(await page.locator('#problem').textContent()).not.toContain('/instances');
    await page.locator('#problem a').click();
    expect(await page.evaluate('document.activeElement.id')).toBe('field-1');
  });

  testInBrowser('shows the prediction on a phone, however far one scrolls', async () => {
    const page = await open(host.url, { viewport: { width: 360, height: 640 } });
    await drawn(page);
    for (const field of ['#field-0', '#field-3', '#snippet-curl']) {
      await page.locator(field).evaluate((element) => element.scrollIntoView({ block: 'center' }));
      expect(await page.locator('#headline').evaluate((element) => element.getBoundingClientRect().top)).toBeLessThan(
        100,
      );
      expect(
        await page.locator('#headline').evaluate((element) => element.getBoundingClientRect().top),
      ).toBeGreaterThan(-1);
    }
  });

  testInBrowser('leaves a low window to the form', async () => {
    // A desktop's window at 400 %, or a phone on its side.
    const page = await open(host.url, { viewport: { width: 320, height: 256 } });
    await drawn(page);
    await page.locator('#field-3').evaluate((element) => element.scrollIntoView({ block: 'center' }));
    expect(await page.locator('#headline').evaluate((text) => text.getBoundingClientRect().bottom)).toBeLessThan(0);
  });

  testInBrowser.each([
    [200, 'text/html', '<h1>Sign in</h1>', 'Expected JSON, got text/html.'],
    [401, 'text/html', '', 'sign in again'],
    [502, 'text/html', '<h1>Bad Gateway</h1>', 'Expected JSON, got text/html.'],
    [429, 'application/problem+json', '{"title":"Overloaded","detail":"Retry in 1 s."}', 'Retry in 1 s.'],
  ])('says what a status %i of %s means', async (status, contentType, body, words) => {
    // The answer is replaced, which Playwright cannot do in an installed Firefox.
    if (browser === 'Firefox') return;
    const page = await open(host.url);
    await predicted(page);
    await page.route('**/predict', (route) => route.fulfill({ status, contentType, body }));
    await page.locator('[data-sample="1"]').click();
    await page.locator('#problem', { hasText: words }).waitFor();
    await page.unroute('**/predict');
    const retry = page.locator('#problem button');
    expect(await retry.count()).toBe(status > 401 ? 1 : 0);
    if (status === 429) await retry.click();
    if (status === 429) await page.locator('#problem').waitFor({ state: 'hidden' });
  });

  testInBrowser('says that it waits for an answer that does not come', async () => {
    if (browser === 'Firefox') return;
    const page = await open(host.url);
    await predicted(page);
    await page.route('**/predict', () => undefined);
    await page.locator('[data-sample="1"]').click();
    await page.locator('#waiting', { hasText: 'Waiting for the endpoint…' }).waitFor();
    await page.unroute('**/predict');
    await page.locator('[data-sample="2"]').click();
    await page.locator('#waiting', { hasText: /^$/ }).waitFor({ state: 'hidden' });
  });

  testInBrowser('fills the form with a pasted row: JSON, or a table with a header', async () => {
    const page = await open(host.url);
    await page.locator('summary', { hasText: 'Paste a row' }).click();
    const paste = async (text: string) => {
      await page.locator('#pasted').fill(text);
      await page.locator('#paste').click();
    };
    await paste('[1, 2, 3, 4]');
    expect(await page.locator('#field-3').inputValue()).toBe('4');
    const names = card.features.map(({ name }) => name);
    await paste(`${names.toReversed().join('\t')}\n8\t7\t6\t5`);
    expect(await page.locator('#field-0').inputValue()).toBe('5');
    await paste('{"instances":[[4,3,2,1],[9,9,9,9]]}');
    expect(await page.locator('#field-3').inputValue()).toBe('1');
    await paste(names.map((_, i) => `${i},5`).join(';'));
    expect(await page.locator('#field-3').inputValue()).toBe('3.5');
    await paste('{"colour":1}');
    await page.locator('#paste-fault', { hasText: 'Expected values by the names of features, got colour.' }).waitFor();
    expect(await page.locator('#field-3').inputValue()).toBe('3.5');
    await paste('[1]');
    await page.locator('#paste-fault', { hasText: `Expected ${names.length} values, got 1.` }).waitFor();
  });

  testInBrowser('draws two features at once, while one wants to see them', async () => {
    const page = await open(host.url);
    await drawn(page);
    expect(await page.locator('#heat rect').count()).toBe(0);
    await page.locator('summary', { hasText: 'Vary two features' }).click();
    await page.locator('#heat-sum', { hasText: `Probability of ${firstLabel}` }).waitFor();
    expect(await page.locator('#heat rect').count()).toBe(21 * 21);
    expect(
      new Set(
        await page.locator('#heat rect').evaluateAll((all) => all.map((each) => each.getAttribute('fill-opacity'))),
      ).size,
    ).toBeGreaterThan(2);
    // The lines cross at the row of the form, and are gone where it is not on the map.
    await page.getByLabel(`${first?.name}, slider`).press('Home');
    await page.locator('#snippet-curl', { hasText: `[[${first?.training?.minimum},` }).waitFor();
    await page.locator(`#heat .over[x1="${(100 * 0.5) / 21}%"]`).waitFor({ state: 'attached' });
    await page.locator('#field-0').fill('1000');
    await page.locator('#heat .over').first().waitFor({ state: 'detached' });
  });

  testInBrowser.each([
    ['light', 320],
    ['dark', 360],
    ['light', 1200],
    ['dark', 1200],
    ['light', 2560],
  ] as const)('has no barriers and no sideways scrolling, %s, %i pixels wide', async (colorScheme, width) => {
    const page = await open(host.url, { colorScheme, viewport: { width, height: 900 }, reducedMotion: 'reduce' });
    await drawn(page);
    await page.evaluate('document.querySelectorAll("details").forEach((each) => { each.open = true; })');
    await page.locator('#heat rect').first().waitFor();
    expect(await findBarriers(page)).toEqual([]);
    // A scroll bar may take some of it.
    expect(await neededWidth(page)).toBeLessThanOrEqual(width);
    const matrix = page.locator('.scroll:has(.matrix)');
    expect(await matrix.evaluate((box) => box.scrollWidth - box.clientWidth)).toBe(0);
    // Playwright adds a style to the page for a picture, which the policy refuses in Firefox.
    if (browser === 'Chromium')
      await page.screenshot({ path: join(pictures, `${colorScheme}-${width}.png`), fullPage: true });
  });

  testInBrowser('follows the size of text that the reader has chosen, in drawings too', async () => {
    const page = await open(host.url, { viewport: { width: 640, height: 900 } });
    await page.evaluate('document.documentElement.style.fontSize = "32px"');
    await drawn(page);
    await page.locator('#along').selectOption('1');
    await page.locator('#curve .title', { hasText: card.features[1]?.name ?? '' }).waitFor();
    expect(await styleOf(page, '.lead', 'font-size')).toBe('32px');
    expect(await styleOf(page, '#curve .title', 'font-size')).toBe('26px');
    // No number of the axes is cut off.
    const { x } = (await page.locator('#curve').boundingBox()) ?? { x: 0 };
    const lefts = await page
      .locator('#curve text')
      .evaluateAll((all) => all.map((each) => each.getBoundingClientRect().left));
    expect(Math.min(...lefts)).toBeGreaterThanOrEqual(x);
    expect(await neededWidth(page)).toBeLessThanOrEqual(640);
  });

  testInBrowser('shows its bars in high contrast and in print', async () => {
    // Only Chromium pretends to be either.
    if (browser === 'Firefox') return;
    const page = await open(host.url, { forcedColors: 'active' });
    await drawn(page);
    expect(await styleOf(page, '.bar', 'background-color')).not.toBe(await styleOf(page, '.track', 'background-color'));
    await page.emulateMedia({ media: 'print', forcedColors: 'none', colorScheme: 'dark' });
    expect(await styleOf(page, '.bar', 'print-color-adjust')).toBe('exact');
    expect(await styleOf(page, 'body', 'background-color')).toBe('rgb(251, 250, 248)');
    expect(await page.locator('button:visible, #batch-part:visible, .share:visible').count()).toBe(0);
  });

  testInBrowser('is at most 60 kB compressed', async () => {
    const { text } = await host.request('GET', '/', { headers: { accept: 'text/html' } });
    expect(gzipSync(text).length).toBeLessThan(60_000);
  });
});
