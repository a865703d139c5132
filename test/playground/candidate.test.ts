/** The page of a deployment with a candidate asks both and shows both. And it remembers the rows of a visit. */
import { startHost } from '../hosts';
import { samples } from '../model-files';
import { copyPair, untilBothLoaded } from '../serving/pair';
import { findBarriers, predicted, usePages } from './browser';

const { open, testInBrowser } = usePages();

testInBrowser('The page shows what the candidate answers, and where it differs', async () => {
  const copy = copyPair('square', 'lookup');
  const host = await startHost('server.ts', { env: { MODEL_DIR: copy.directory, CANDIDATE_TRAFFIC: '50' } });
  await untilBothLoaded(host);
  const page = await open(host.url);
  await page.locator('#field-0').fill('1');
  // The champion squares; the candidate looks up.
  await predicted(page, /^1$/);
  await page.locator('#candidate', { hasText: 'Candidate differs: 20' }).waitFor();
  expect(await findBarriers(page)).toEqual([]);
  await page.close();
  await host.stop();
  copy.remove();
});

testInBrowser('The page brings back a row of this visit', async () => {
  const host = await startHost('server.ts');
  const page = await open(host.url);
  await predicted(page, samples[0]?.prediction.label);
  await page.locator('#history button').first().waitFor({ state: 'attached' });
  const before = await page.locator('#field-0').inputValue();
  await page.locator('#field-0').fill('6.5');
  await page.locator('summary', { hasText: 'Earlier rows' }).click();
  await page.locator('#history button').last().click();
  expect(await page.locator('#field-0').inputValue()).toBe(before);
  await page.close();
  await host.stop();
});
