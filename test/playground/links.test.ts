/** A link to the page opens it with a row: without private values, and whether the page is open already or not. */
import { copyModel } from '../model-copy';
import { type Card, card, modelDirectory, samples } from '../model-files';
import { browserNames, findBarriers, predicted, usePages, useServer } from './browser';

const [first, second] = card.features;
const firstLabel = samples[0]?.prediction.label ?? '';
const { serve } = useServer();

describe.each(browserNames)('A link to the playground in %s', (browser) => {
  const { open, testInBrowser } = usePages(browser);

  testInBrowser('opens the page with its row', async () => {
    const url = await serve(modelDirectory);
    const page = await open(url);
    await page.locator('#field-0').fill('6.25');
    await page.waitForURL(/#row=.*6\.25/);
    const other = await open(url + new URL(page.url()).hash);
    expect(await other.locator('#field-0').inputValue()).toBe('6.25');
  });

  testInBrowser('fills the form of a page that is open', async () => {
    const url = await serve(modelDirectory);
    const page = await open(url);
    await predicted(page, firstLabel);
    const row = card.features.map((_, i) => i + 1);
    await page.goto(`${url}#row=${JSON.stringify(row)}`);
    await page.locator('#snippet-curl', { hasText: JSON.stringify([row]) }).waitFor();
  });

  testInBrowser('is kept up to date by the button where the browser refuses to change the address again', async () => {
    const page = await open(await serve(modelDirectory));
    await predicted(page, firstLabel);
    await page.evaluate('History.prototype.replaceState = () => { throw new DOMException("", "SecurityError"); }');
    await page.evaluate('navigator.clipboard.writeText = async (text) => { document.title = text; }');
    await page.locator('#field-0').fill('6.25');
    await page.locator('#snippet-curl', { hasText: '[[6.25,' }).waitFor();
    await page.locator('#copy-link').click();
    expect(decodeURIComponent(await page.title())).toMatch(/#row=\[6\.25,/);
    await page.locator('[data-sample="2"]').click();
    await page.locator('#headline').filter({ hasNotText: firstLabel }).waitFor();
  });

  testInBrowser('says that its row is of another model', async () => {
    const page = await open(`${await serve(modelDirectory)}#row=[1]`);
    await page.getByText('The row in the address does not fit this model and was ignored.').waitFor();
    await predicted(page, firstLabel);
  });

  testInBrowser('leaves private values out, and says so to both sides', async () => {
    const copy = copyModel();
    copy.edit<Card>('card.json', (content) => ({
      ...content,
      features: content.features.map((feature, i) => (i === 0 ? { ...feature, private: true } : feature)),
    }));
    const url = await serve(copy.directory);
    const page = await open(url);
    await page.locator('#field-0').fill('6.25');
    await page.locator('#field-1').fill('3.125');
    await page.waitForURL(/3\.125/);
    expect(page.url()).not.toContain('6.25');
    expect(await page.locator('#share-note').textContent()).toContain(`Private values are left out: ${first?.name}.`);
    expect(await findBarriers(page)).toEqual([]);
    const other = await open(page.url());
    await other.getByText(`Links do not hold private values. Enter: ${first?.name}.`).waitFor();
    await other.locator('#fault-0', { hasText: `${first?.name} is missing` }).waitFor();
    expect(await other.getByLabel(`${second?.name}`, { exact: false }).first().inputValue()).toBe('3.125');
    copy.remove();
  });

  testInBrowser('holds no values where all of them are private', async () => {
    const copy = copyModel();
    copy.edit<Card>('card.json', (content) => ({
      ...content,
      features: content.features.map((feature) => ({ ...feature, private: true })),
    }));
    const page = await open(await serve(copy.directory));
    await predicted(page, firstLabel);
    expect(new URL(page.url()).hash).toBe('');
    expect(await page.locator('#copy-link').isVisible()).toBe(false);
    copy.remove();
  });
});
