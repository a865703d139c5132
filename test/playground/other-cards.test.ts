/** The page of other cards: other kinds of features and labels, many of them, hostile ones; and of a path below the root. */
import { once } from 'node:events';
import { createServer, request } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { describeCard } from '../../src/documents/playground/card-section';
import type { Card as ServedCard } from '../../src/model/card/card';
import { startHost } from '../hosts';
import { copyModel } from '../model-copy';
import { type Card, card, type Sample } from '../model-files';
import { projectDirectory } from '../processes';
import { drawn, findBarriers, neededWidth, pictures, predicted, usePages, useServer } from './browser';

const { open, testInBrowser } = usePages();
const fixtures = join(projectDirectory, 'test/fixtures/models');
const { current, serve } = useServer();

describe('The playground of another card', () => {
  testInBrowser.each(['regressor', 'two-classes', 'datatypes'])(
    'predicts with %s, which has no ranges to draw a curve over and no background to explain with',
    async (name) => {
      const page = await open(await serve(join(fixtures, name)));
      await predicted(page);
      expect(await page.locator('.problem:visible, #curve-panel:visible, #explanation-panel:visible').count()).toBe(0);
      expect(await findBarriers(page)).toEqual([]);
    },
  );

  testInBrowser('takes whole numbers from the sliders and the curve of features that are whole', async () => {
    const page = await open(await serve(join(fixtures, 'wide')));
    await predicted(page);
    await page.locator('#all-fields').click();
    await page.getByLabel(/^counts_number_0_.*slider$/).press('ArrowRight');
    const name = /^counts_number_0_/;
    await page.locator('#curve .title', { hasText: name }).waitFor();
    expect(await page.getByLabel(name).first().inputValue()).toMatch(/^\d+$/);
    expect(await page.locator('.problem:visible').count()).toBe(0);
  });

  testInBrowser('draws the value of a regressor as one line, which needs no legend', async () => {
    const copy = copyModel(join(fixtures, 'regressor'));
    copy.edit<Card>('card.json', (content) => ({
      ...content,
      features: content.features.map((feature) =>
        feature.input === 'sizes' ? { ...feature, training: { minimum: 0.1, maximum: 12_345.6 } } : feature,
      ),
    }));
    const page = await open(await serve(copy.directory));
    await page.locator('#curve polyline').waitFor();
    expect(await page.locator('#curve .dot').count()).toBe(1);
    expect(await page.locator('#legend li').count()).toBe(0);
    await page.locator('#field-0').fill('12346');
    await page.locator('#warning-0', { hasText: '(0.1 to 12345.6 m)' }).waitFor();
    await page.locator('#curve .dot').waitFor({ state: 'detached' });
    copy.remove();
  });

  testInBrowser('suggests the words of the samples, and ticks what is true', async () => {
    const page = await open(await serve(join(fixtures, 'wide')));
    await predicted(page);
    const words = await page
      .locator('#suggested-28 option')
      .evaluateAll((all) => all.map((each) => each.getAttribute('value')));
    expect(words).toContain(await page.locator('#field-28').inputValue());
    await page.locator('#all-fields').click();
    const box = page.locator('#field-24');
    const before = (await page.locator('#snippet-curl').textContent()) ?? '';
    await box.setChecked(!(await box.isChecked()));
    await page.locator('#snippet-curl').filter({ hasNotText: before }).waitFor();
    expect(await page.locator('.problem:visible').count()).toBe(0);
  });

  testInBrowser.each([360, 1200])('keeps thirty long names and many labels within %i pixels', async (width) => {
    const page = await open(await serve(join(fixtures, 'wide')), { viewport: { width, height: 900 } });
    await drawn(page);
    expect(await page.locator('#bars .row').count()).toBe(8);
    expect(await page.locator('#curve polyline').count()).toBe(6);
    await page.locator('summary', { hasText: 'Vary two features' }).click();
    await page.locator('#heat rect').first().waitFor();
    expect(await neededWidth(page)).toBe(width);
    // The longest label folds, but not letter by letter.
    const [label] = await page
      .locator('.matrix tbody th')
      .last()
      .evaluateAll((all) => all.map((each) => each.getBoundingClientRect()));
    expect(label?.width).toBeGreaterThan(70);
    expect(label?.height).toBeLessThan(150);
    expect(await findBarriers(page)).toEqual([]);
    await page.screenshot({ path: join(pictures, `wide-${width}.png`), fullPage: true });
  });

  testInBrowser('shows what is hostile as the text that it is', async () => {
    const copy = copyHostile();
    const page = await open(await serve(copy.directory));
    await predicted(page, attack);
    await drawn(page);
    expect(await page.title()).toBe(attack);
    expect(await page.locator('h1').textContent()).toBe(attack);
    expect(await page.locator('img').count()).toBe(0);
    expect(await page.locator('.problem:visible').count()).toBe(0);
    copy.remove();
  });
});

test('The card of a thousand labels is short: it names the labels that are taken for each other', () => {
  const labels = Array.from({ length: 1_000 }, (_, i) => `label ${i}`);
  const confusionMatrix = labels.map((_, i) => labels.map((_label, j) => (i === j ? 9 : i === 2 && j === 3 ? 7 : 0)));
  const data = { labelShares: Object.fromEntries(labels.map((label) => [label, 0.001])) };
  const { text } = describeCard({ ...card, labels, data, evaluation: { confusionMatrix } } as unknown as ServedCard);
  expect(text.length).toBeLessThan(6_000);
  expect(text).toContain('<th scope="row">label 2</th><td>label 3</td><td>7</td>');
  expect(text).toContain('<dt>988 others</dt><dd>98.8 %</dd>');
});

test('Nothing of a hostile card is markup', async () => {
  const copy = copyHostile();
  const host = await startHost('in process', { env: { MODEL_DIR: copy.directory } });
  current.host = host;
  const { text } = await host.request('GET', '/', { headers: { accept: 'text/html' } });
  expect(text).toContain('&lt;/script&gt;&lt;img');
  expect(text).not.toMatch(/<img|<\/script><|&amp;lt;/);
  copy.remove();
});

testInBrowser('Below a path, the page asks and links below that path', async () => {
  const path = '/functions/a-model';
  const host = await startHost('server.ts');
  current.host = host;
  const { port } = host;
  // As the addresses of functions are: the function does not see what stands before its own path.
  const front = createServer((incoming, outgoing) => {
    const { method = '', headers, url = '' } = incoming;
    const inner = request({ port, method, headers, path: url.slice(path.length) || '/' }, (answer) => {
      outgoing.writeHead(answer.statusCode ?? 0, answer.headers);
      answer.pipe(outgoing);
    });
    incoming.pipe(inner);
  }).listen(0);
  await once(front, 'listening');
  const url = `http://127.0.0.1:${(front.address() as AddressInfo).port}${path}`;
  const page = await open(url);
  await predicted(page);
  await page.locator('#explanation .row').first().waitFor();
  await page.getByRole('link', { name: 'Model card' }).click();
  await page.waitForURL(`${url}/model-card.json`);
  expect(JSON.parse((await page.locator('body').textContent()) ?? '')).toMatchObject({ name: card.name });
  await page.close();
  front.closeAllConnections();
  front.close();
});

const attack = '</script><img src=x onerror="document.title=1">&amp;\'';

/** The model with an attack for every text that may be any. */
function copyHostile() {
  const copy = copyModel();
  const hostile = (name: string) => (name === card.labels[0] ? attack : name);
  copy.edit<Card>('card.json', (content) => ({
    ...content,
    title: attack,
    description: attack,
    intendedUse: attack,
    limits: [attack],
    labels: content.labels.map(hostile),
    features: content.features.map((feature, i) => ({
      ...feature,
      name: `${attack} ${i}`,
      unit: attack,
      description: attack,
    })),
  }));
  copy.edit<{ samples: readonly Sample[] }>('samples.json', ({ samples }) => ({
    samples: samples.map(({ instance, prediction: { label, probabilities } }) => ({
      instance,
      prediction: {
        label: hostile(label),
        probabilities: Object.fromEntries(Object.entries(probabilities).map(([name, share]) => [hostile(name), share])),
      },
    })),
  }));
  return copy;
}
