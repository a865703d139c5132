/** Many rows at once: a CSV file becomes a table of answers, with flags, to read and to download. */
import { readFileSync } from 'node:fs';
import { type Host, startHost } from '../hosts';
import { card, samples } from '../model-files';
import { browserNames, findBarriers, predicted, usePages } from './browser';

describe.each(browserNames)('A file on the playground in %s', (browser) => {
  const { open, testInBrowser } = usePages(browser);
  let host: Host;
  beforeAll(async () => {
    host = await startHost('server.ts');
  });
  afterAll(() => host.stop());

  const header = card.features.map(({ name }) => name).join(',');
  const drop = (text: string) => ({ name: 'rows.csv', mimeType: 'text/csv', buffer: Buffer.from(text) });

  testInBrowser('is answered row by row, with what lies outside of the training data marked', async () => {
    const page = await open(host.url);
    await predicted(page);
    const [first, last] = [samples[0], samples.at(-1)];
    const rows = [first?.instance, last?.instance, first?.instance.map((value, i) => (i === 0 ? 1000 : value))];
    await page.locator('#batch-file').setInputFiles(drop([header, ...rows.map(String)].join('\r\n')));
    await page.locator('#batch-sum', { hasText: '3 rows, 1 of them outside' }).waitFor();
    const labels = await page.locator('#batch tbody tr th:first-child').allTextContents();
    expect(labels.slice(0, 2)).toEqual([first?.prediction.label, last?.prediction.label]);
    expect(await page.locator('#batch .is-odd').allTextContents()).toEqual(['1000 !']);
    expect(await findBarriers(page)).toEqual([]);
    // Playwright does not hear of downloads in an installed Firefox.
    if (browser === 'Firefox') return;
    const [saved] = await Promise.all([page.waitForEvent('download'), page.locator('#download').click()]);
    const lines = readFileSync(await saved.path(), 'utf8').split('\r\n');
    expect(lines[0]).toBe(`prediction,probability,outside training data,${header}`);
    expect(lines).toHaveLength(4);
  });

  const [sample] = samples;
  const cells = (sample?.instance ?? []).map(String);
  testInBrowser.each([
    [
      'semicolons and decimal commas',
      `\ufeff${header.replaceAll(',', ';')}\r\n${cells.map((cell) => cell.replace('.', ',')).join(';')}\r\n\r\n`,
    ],
    [
      'tabs and columns that are no features',
      `id\t${header.replaceAll(',', '\t')}\tnote\n7\t${cells.join('\t')}\t"a\tb"\n`,
    ],
    ['no header', `${cells.join()}\n`],
  ])('is read with %s', async (_title, text) => {
    const page = await open(host.url);
    await predicted(page);
    await page.locator('#batch-file').setInputFiles(drop(text));
    await page.locator('#batch-sum', { hasText: '1 row, 0 of them outside' }).waitFor();
    expect(await page.locator('#batch tbody th').first().textContent()).toBe(sample?.prediction.label);
    expect(await page.locator('#batch thead').textContent()).toContain(card.features[0]?.name);
  });

  testInBrowser('has a row of another width, or none', async () => {
    const page = await open(host.url);
    await page.locator('#batch-file').setInputFiles(drop(`${header}\n${cells.join()}\n1,2\n`));
    await page.locator('#batch-problem', { hasText: `Row 2: expected ${cells.length} values` }).waitFor();
    await page.locator('#batch-file').setInputFiles(drop(`${header}\n`));
    await page.locator('#batch-sum', { hasText: 'rows.csv has no rows' }).waitFor();
    expect(await page.locator('#batch-problem').isVisible()).toBe(false);
  });

  testInBrowser.each([
    ['book.xlsx', 'PK\u0003\u0004\0\0', 'book.xlsx is not text: save the table as CSV (UTF-8).'],
    ['titles.csv', 'Length,Width\n1,2\n', 'or with values, got Length, Width.'],
    ['lines.json', '[{"length":1}]\n', 'or with values, got [{"length":1}].'],
  ])('is refused with what was expected instead of %s', async (name, text, words) => {
    const page = await open(host.url);
    await page.locator('#batch-file').setInputFiles({ ...drop(text), name });
    await page.locator('#batch-sum', { hasText: words }).waitFor();
  });

  testInBrowser('is refused in the words of the endpoint', async () => {
    const page = await open(host.url);
    await page.locator('#batch-file').setInputFiles(drop(`${header}\n1,2,3,tall\n`));
    const last = card.features.at(-1);
    await page.locator('#batch-problem', { hasText: `Row 1: ${last?.name}` }).waitFor();
    expect(await page.locator('#batch-problem').textContent()).toContain('"tall"');
    expect(await page.locator('#download').isVisible()).toBe(false);
  });
});
