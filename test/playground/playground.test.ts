/** The page in a real browser: it predicts, draws, explains, warns and says what is wrong; nobody is left out. */
import { type Host, startHost } from '../hosts';
import { card, samples } from '../model-files';
import { drawn, findBarriers, predicted, usePages } from './browser';

const [first] = card.features;
const firstLabel = samples[0]?.prediction.label ?? '';
const otherLabel = samples.find(({ prediction }) => prediction.label !== firstLabel)?.prediction.label ?? '';

describe.each([
  ['functions-framework', 'Chromium'],
  ['server.ts', 'Chromium'],
  ['server.ts', 'Firefox'],
] as const)('The playground, %s, %s', (kind, browser) => {
  const { open, testInBrowser } = usePages(browser);
  let host: Host;
  beforeAll(async () => {
    host = await startHost(kind);
  });
  afterAll(() => host.stop());

  testInBrowser('predicts the sample that it starts with, draws its curve and explains it', async () => {
    const page = await open(host.url);
    await predicted(page, firstLabel);
    await drawn(page);
    expect(await page.locator('#bars .row').count()).toBe(card.labels.length);
    expect(await page.locator('#curve polyline').count()).toBe(card.labels.length);
    expect(await page.locator('#explanation .row').count()).toBe(card.features.length);
  });

  testInBrowser('follows samples, fields, sliders and the choice of the curve, and says the same as code', async () => {
    const page = await open(host.url);
    await page.getByRole('button', { name: `${otherLabel} 1` }).click();
    await predicted(page, otherLabel);
    await page.getByLabel(`${first?.name}, slider`).press('End');
    const { maximum = 0 } = first?.training ?? {};
    expect(await page.locator('#field-0').inputValue()).toBe(String(maximum));
    await page.locator('#snippet-curl', { hasText: `[[${maximum},` }).waitFor();
    await page.locator('#along').selectOption('1');
    await page.locator('#curve .title', { hasText: card.features[1]?.name ?? '' }).waitFor();
  });

  testInBrowser('warns outside the training range, and shows a refusal in the words of the problem', async () => {
    const page = await open(host.url);
    await page.locator('#field-0').fill('1000');
    await page.locator('#warning-0', { hasText: 'Outside the training range' }).waitFor();
    await page.locator('#field-0').fill('tall');
    await page.locator('#problem', { hasText: 'expected a number, got the string "tall"' }).waitFor();
    expect(await page.locator('[aria-invalid=true]').evaluateAll((all) => all.map(({ id }) => id))).toEqual([
      'field-0',
    ]);
    expect(await findBarriers(page)).toEqual([]);
    await page.locator('#field-0').fill('5');
    await page.locator('#problem').waitFor({ state: 'hidden' });
    expect(await page.locator('[aria-invalid=true]').count()).toBe(0);
  });

  testInBrowser('names each fault once, whichever feature the curve runs along', async () => {
    const page = await open(host.url);
    await page.locator('#field-0').fill('x');
    await page.locator('#problem', { hasText: 'got the string "x"' }).waitFor();
    const answered = page.waitForResponse(/predict$/);
    await page.locator('#along').selectOption('1');
    await answered;
    expect(await page.locator('#problem li').count()).toBe(1);
  });

  testInBrowser('works with the keyboard alone', async () => {
    const page = await open(host.url);
    await predicted(page, firstLabel);
    await page.locator(`[data-sample="2"]`).focus();
    await page.keyboard.press('Enter');
    await predicted(page, otherLabel);
    await page.locator('#field-0').focus();
    await page.keyboard.press('Tab');
    const before = await page.locator('#field-0').inputValue();
    await page.keyboard.press('ArrowRight');
    expect(Number(await page.locator('#field-0').inputValue())).toBeGreaterThan(Number(before));
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
