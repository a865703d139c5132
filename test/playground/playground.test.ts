/** The page in a real browser: it predicts, draws, explains, warns and says what is wrong; nobody is left out. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import type { Browser, Page } from 'playwright-core';
import { type Host, startHost } from '../hosts';
import { copyModel } from '../model-copy';
import { type Card, card, samples } from '../model-files';
import { projectDirectory } from '../processes';
import { launchBrowser, openPage, pictures, program, testInBrowser } from './browser';

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');
const [first] = card.features;
const other = samples.find(({ prediction }) => prediction.label !== samples[0]?.prediction.label);

if (program === undefined)
  console.warn('No Chromium here: the tests of the playground are skipped. CHROMIUM names one.');

let browser: Browser | undefined;
beforeAll(async () => {
  browser = await launchBrowser();
});
afterAll(() => browser?.close());

const open = (url: string, options = {}) => openPage(browser as Browser, url, options);
const headline = (page: Page, label: string) => page.locator('#headline', { hasText: label }).waitFor();

async function findBarriers(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: { run(): AxeResults } }).axe.run());
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

describe.each(['functions-framework', 'server.ts'] as const)('The playground, %s', (kind) => {
  let host: Host;
  beforeAll(async () => {
    host = await startHost(kind);
  });
  afterAll(() => host.stop());

  testInBrowser('predicts the sample that it starts with, draws its curve and explains it', async () => {
    const page = await open(host.url);
    await headline(page, samples[0]?.prediction.label ?? '');
    expect(await page.locator('#bars .row').count()).toBe(card.labels.length);
    expect(await page.locator('#curve polyline').count()).toBe(card.labels.length);
    await page.locator('#explanation .row').first().waitFor();
    expect(await page.locator('#explanation .row').count()).toBe(card.features.length);
    await page.close();
  });

  testInBrowser('follows samples, fields, sliders and the choice of the curve, and says the same as code', async () => {
    const page = await open(host.url);
    const { label = '' } = other?.prediction ?? {};
    await page.getByRole('button', { name: `${label} 1` }).click();
    await headline(page, label);
    await page.getByLabel(`${first?.name}, slider`).press('End');
    const { maximum = 0 } = first?.training ?? {};
    expect(await page.locator('#field-0').inputValue()).toBe(String(maximum));
    await page.locator('#snippet-curl', { hasText: `[[${maximum},` }).waitFor();
    await page.locator('#along').selectOption('1');
    await page.locator('#curve .title', { hasText: card.features[1]?.name ?? '' }).waitFor();
    await page.close();
  });

  testInBrowser('warns outside the training range, and shows a refusal in the words of the problem', async () => {
    const page = await open(host.url);
    await page.locator('#field-0').fill('1000');
    await page.locator('#warning-0', { hasText: 'Outside the training range' }).waitFor();
    await page.locator('#field-0').fill('tall');
    await page.locator('#problem', { hasText: 'expected a number, came the string "tall"' }).waitFor();
    await page.locator('#field-0').fill('5');
    await page.locator('#problem').waitFor({ state: 'hidden' });
    await page.close();
  });

  testInBrowser.each([
    ['light', 1200],
    ['dark', 1200],
    ['light', 360],
    ['dark', 360],
  ] as const)('has no barriers and no sideways scrolling, %s, %i pixels wide', async (colorScheme, width) => {
    const page = await open(host.url, { colorScheme, viewport: { width, height: 900 } });
    await page.locator('#explanation .row').first().waitFor();
    await page.evaluate('document.querySelectorAll("details").forEach((each) => { each.open = true; })');
    expect(await findBarriers(page)).toEqual([]);
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBe(width);
    await page.screenshot({ path: join(pictures, `${kind}-${colorScheme}-${width}.png`), fullPage: true });
    await page.close();
  });

  testInBrowser('works with the keyboard alone', async () => {
    const page = await open(host.url);
    await headline(page, samples[0]?.prediction.label ?? '');
    await page.locator(`[data-sample="2"]`).focus();
    await page.keyboard.press('Enter');
    const { label = '' } = other?.prediction ?? {};
    await headline(page, label);
    await page.locator('#field-0').focus();
    await page.keyboard.press('Tab');
    const before = await page.locator('#field-0').inputValue();
    await page.keyboard.press('ArrowRight');
    expect(Number(await page.locator('#field-0').inputValue())).toBeGreaterThan(Number(before));
    await page.close();
  });
});

test('The page is for those who ask for HTML, and its policy lets it load nothing', async () => {
  const host = await startHost('in process');
  const page = await host.request('GET', '/', { headers: { accept: 'text/html,application/xhtml+xml,*/*;q=0.8' } });
  expect(page.headers).toMatchObject({
    'content-type': 'text/html; charset=utf-8',
    vary: 'accept',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    'content-security-policy': expect.stringMatching(
      /^default-src 'none'; script-src 'sha256-[^']+'; style-src 'sha256-/,
    ),
  });
  expect(page.text).not.toMatch(/unsafe-inline|\son\w+=|https?:\/\/(?!www\.w3\.org)/);
  for (const accept of ['*/*', 'application/json', 'application/json, text/html'])
    expect((await host.request('GET', '/', { headers: { accept } })).headers['content-type']).toBe('application/json');
  await host.stop();
});

describe('Other cards', () => {
  testInBrowser.each(['regressor', 'two-classes', 'datatypes'])('%s works as well', async (name) => {
    const directory = join(projectDirectory, 'test/fixtures/models', name);
    const host = await startHost('server.ts', { env: { MODEL_DIR: directory } });
    const page = await open(host.url);
    await page.locator('#headline:not(:text-is("…"))').waitFor();
    expect(await page.locator('#problem').isHidden()).toBe(true);
    expect(await findBarriers(page)).toEqual([]);
    await page.close();
    await host.stop();
  });

  testInBrowser('that are hostile are shown as the text that they are', async () => {
    const attack = '</script><img src=x onerror="document.title=1">&amp;\'';
    const copy = copyModel();
    copy.edit<Card>('card.json', (content) => ({
      ...content,
      title: attack,
      description: attack,
      features: content.features.map((feature) => ({ ...feature, unit: attack, description: attack })),
    }));
    const host = await startHost('server.ts', { env: { MODEL_DIR: copy.directory } });
    const page = await open(host.url);
    await headline(page, samples[0]?.prediction.label ?? '');
    expect(await page.title()).toBe(attack);
    expect(await page.locator('h1').textContent()).toBe(attack);
    expect(await page.locator('img').count()).toBe(0);
    await page.close();
    await host.stop();
    copy.remove();
  });
});
