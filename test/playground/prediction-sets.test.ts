/** What the page shows of a prediction's label set or interval. */
import { join } from 'node:path';
import { modelDirectory, modelPath, samples } from '../model-files';
import { projectDirectory } from '../processes';
import { drawn, findBarriers, predicted, usePages, useServer } from './browser';

const { open, testInBrowser } = usePages();
const { current, serve } = useServer();
const fixtures = join(projectDirectory, 'test/fixtures/models');

describe('The page', () => {
  testInBrowser('shows the labels that hold the truth for the coverage that is chosen', async () => {
    const page = await open(await serve(modelDirectory));
    await predicted(page);
    expect(await page.locator('#coverage option').allTextContents()).toEqual(['50 %', '80 %', '90 %', '95 %', '99 %']);
    expect(await page.locator('#coverage').inputValue()).toBe('0.9');
    const label = await page.locator('#headline').textContent();
    await page
      .locator('#set')
      .filter({ hasText: label ?? '' })
      .waitFor();
    // An unsure row needs more labels for a greater coverage.
    const unsure = samples.find(({ prediction }) => Math.max(...Object.values(prediction.probabilities)) < 0.7);
    for (const [i, value] of (unsure?.instance ?? []).entries()) await page.locator(`#field-${i}`).fill(String(value));
    await page.locator('#coverage').selectOption('0.99');
    await page.locator('#set').filter({ hasText: ' or ' }).waitFor();
    expect(await page.locator('#set-warning').isHidden()).toBe(true);
    expect(await findBarriers(page)).toEqual([]);
  });

  testInBrowser('says that the rows have drifted', async () => {
    const page = await open(await serve(modelDirectory));
    const shifted = Array.from({ length: 400 }, () => samples[0]?.instance.map((value) => value * 3));
    await current.host?.post('/predict', { instances: shifted });
    await page.locator('[data-sample="1"]').click();
    await page.getByText('Fewer than 90 % of the sets may hold the truth.').waitFor();
    expect(await findBarriers(page)).toEqual([]);
  });

  testInBrowser('makes no drift of its own by drawing curve and map', async () => {
    const page = await open(await serve(modelDirectory));
    await drawn(page);
    await page.locator('summary', { hasText: 'Vary two features' }).click();
    await page.locator('#heat rect').first().waitFor();
    const { json } = (await current.host?.request('GET', `${modelPath}/drift`)) ?? {};
    // The row of the form: once at first, and once when the map was opened.
    expect(json).toMatchObject({ rows: 2 });
  });

  testInBrowser('shows the interval of a number', async () => {
    const page = await open(await serve(join(fixtures, 'diabetes')));
    await page.getByText(/^between \d+\.?\d* and \d+\.?\d*$/).waitFor();
    expect(await page.locator('#values').textContent()).not.toContain('interval');
  });

  testInBrowser('has nothing to choose where the card has no uncertainty', async () => {
    const page = await open(await serve(join(fixtures, 'regressor')));
    await predicted(page);
    expect(await page.locator('#coverage, #set').count()).toBe(0);
  });
});
