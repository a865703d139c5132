/** What the page of each kind of model shows and asks: values with names and units, warnings, and nothing that is not there. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { writeHookedModel } from '../hooked-model';
import { copyModel } from '../model-copy';
import { type Card, card } from '../model-files';
import { projectDirectory } from '../processes';
import { browserNames, drawn, findBarriers, predicted, usePages, useServer } from './browser';

const fixtures = join(projectDirectory, 'test/fixtures/models');
const { current, serve } = useServer();

describe.each(browserNames)('The page of a model in %s', (browser) => {
  const { open, testInBrowser } = usePages(browser);
  testInBrowser('does not ask for explanations that the model does not have', async () => {
    const page = await open(await serve(join(fixtures, 'regressor')));
    const asked: string[] = [];
    page.on('request', (sent) => asked.push(new URL(sent.url()).pathname));
    for (const sample of [1, 2]) {
      const before = (await page.locator('#headline').textContent()) ?? '';
      await page.locator(`[data-sample="${sample}"]`).click();
      await page.locator('#headline').filter({ hasNotText: before }).waitFor();
    }
    expect(new Set(asked)).toEqual(new Set(['/predict']));
    expect(current.host?.stdout.filter((line) => line.includes(':explain'))).toEqual([]);
  });

  testInBrowser.each([
    ['several-values', /^price\u00a0\S+, area\u00a0\S+$/, 2],
    ['sayings', '32 numbers', 32],
    ['detections', /numbers$/, 1],
    ['words', 'The, tip, leaf', 2],
    ['voice', /^speech: \S+ · next_state: 2\u00a0×\u00a01\u00a0×\u00a04 numbers$/, 0],
  ] as const)('shows what %s returns as values, and not as JSON', async (name, headline, rows) => {
    const page = await open(await serve(join(fixtures, name)));
    await predicted(page, headline);
    expect(await page.locator('#headline').textContent()).not.toMatch(/[{[]/);
    expect(await page.locator('#values tr').count()).toBeGreaterThanOrEqual(rows);
    expect(await findBarriers(page)).toEqual([]);
  });

  testInBrowser('warns of a category that the model passes on, though it does not know it', async () => {
    const page = await open(await serve(join(fixtures, 'pipeline')));
    await predicted(page);
    expect(await page.locator('#describes-3').textContent()).toContain('The model knows glass fibre, steel, timber.');
    await page.getByLabel('hull').fill('paper');
    await page.getByText('Unknown category: the model knows glass fibre, steel, timber.').waitFor();
    expect(await page.locator('.problem:visible').count()).toBe(0);
  });

  testInBrowser('leaves a category to its default where none is chosen', async () => {
    const copy = copyModel(join(fixtures, 'pipeline'));
    copy.edit<Card>('card.json', (content) => ({
      ...content,
      features: content.features.map(({ name, ...feature }) =>
        name === 'hull' ? { name, ...feature, unknownCategories: 'refuse', default: 'steel' } : { name, ...feature },
      ),
    }));
    const page = await open(await serve(copy.directory));
    await predicted(page);
    await page.getByLabel('hull').selectOption('');
    await page.getByText('Empty: counts as steel.').waitFor();
    await page.locator('#snippet-curl').filter({ hasNotText: 'hull' }).waitFor();
    expect(await page.locator('.problem:visible').count()).toBe(0);
    copy.remove();
  });

  testInBrowser('draws no curve along a feature that was constant, and says so', async () => {
    const copy = copyModel();
    copy.edit<Card>('card.json', (content) => ({
      ...content,
      features: content.features.map((feature, i) =>
        i === 0 ? { ...feature, training: { minimum: 5, maximum: 5 } } : feature,
      ),
    }));
    const page = await open(await serve(copy.directory));
    await drawn(page);
    expect(await page.locator('#along option').count()).toBe(card.features.length - 1);
    expect(await page.locator('#slider-0').count()).toBe(0);
    expect(await page.locator('#describes-0').textContent()).toContain('Always 5 in the training data.');
    copy.remove();
  });

  testInBrowser.each([
    ['labels-only', 'What if, and why', 'this model answers neither'],
    ['sayings', 'What if, and why', 'this model answers neither'],
    ['two-classes', 'What if, and why', 'the card has none (training)'],
    ['reviews', 'What if, and why', 'A curve runs along a feature that is a number; this model takes none.'],
    ['lightgbm', '', ''],
  ])('says of %s why it has no curve and no reasons, where it has none', async (name, title, reason) => {
    const page = await open(await serve(join(fixtures, name)));
    await predicted(page);
    expect(await page.locator('#missing h2').allTextContents()).toEqual(title === '' ? [] : [title]);
    expect((await page.locator('#missing').allTextContents()).join()).toContain(reason);
  });

  testInBrowser('shows few numbers at once', async () => {
    const page = await open(await serve(join(fixtures, 'sentences')));
    await predicted(page, '4 numbers');
    expect(await page.locator('#values td:visible').count()).toBe(4);
  });

  testInBrowser('says what the numbers beside a label are', async () => {
    const page = await open(await serve(join(fixtures, 'torch-network')));
    await predicted(page, 'right');
    expect(await page.locator('#values h3').textContent()).toBe('scores');
  });

  testInBrowser('cuts off no letter of a label', async () => {
    const page = await open(await serve(join(fixtures, 'torch-network')));
    await predicted(page, 'right');
    expect(await page.locator('#headline').evaluate((text) => text.scrollHeight - text.clientHeight)).toBe(0);
  });

  testInBrowser('draws a feature of a few values as bars at these values', async () => {
    const page = await open(await serve(join(fixtures, 'diabetes')));
    const bars = page.locator('[data-field="1"] .histogram rect');
    const [of1, of2] = await bars.evaluateAll((all) => all.map((bar) => Number(bar.getAttribute('height'))));
    // 52 % of the rows are 1, 48 % are 2.
    expect((of2 ?? 0) / (of1 ?? 1)).toBeCloseTo(0.477778 / 0.522222, 2);
  });

  testInBrowser('names the value of a regressor with its unit', async () => {
    const copy = copyModel(join(fixtures, 'regressor'));
    copy.edit<Card & { outputs: readonly object[] }>('card.json', (content) => ({
      ...content,
      outputs: content.outputs.map((output) => ({ ...output, title: 'price', unit: 'EUR' })),
    }));
    const page = await open(await serve(copy.directory));
    await predicted(page, /^price \S+ EUR$/);
    copy.remove();
  });

  testInBrowser('finds one of many features, and puts the important ones first', async () => {
    const page = await open(await serve(join(fixtures, 'wide')));
    await drawn(page);
    expect(await page.locator('.field:visible').count()).toBe(12);
    await page.locator('#search').fill('counts_number_5');
    expect(await page.locator('.field:visible').count()).toBe(1);
    await page.locator('#search').fill('');
    await page.locator('#important').check();
    const name = (await page.locator('#explanation .name').first().textContent()) ?? '';
    expect(await page.locator('.field label').first().textContent()).toContain(name);
    await page.locator('#all-fields').click();
    expect(await page.locator('.field:visible').count()).toBe(30);
    await page.locator('#group').selectOption('switches');
    expect(await page.locator('.field:visible').count()).toBe(4);
    expect(await page.locator('#found').textContent()).toBe('4 of 30');
  });

  testInBrowser('asks a model with hooks for what callers send, and shows what they get', async () => {
    const directory = mkdtempSync(join(tmpdir(), 'hooked-'));
    writeHookedModel(directory);
    const page = await open(await serve(directory));
    await predicted(page, /area/);
    expect(await page.locator('.problem:visible').count()).toBe(0);
    expect(await page.locator('#values td').allTextContents()).toContain('1.5 cm squared');
    rmSync(directory, { recursive: true });
  });
});
