/** The page of a model that takes images: a file that is dropped or chosen becomes what callers send. */
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { PNG } from 'pngjs';
import { writeHookedModel } from '../hooked-model';
import { startHost } from '../hosts';
import { findBarriers, predicted, usePages } from './browser';

const { open, testInBrowser } = usePages();

const widthInBytes = 16;
const source = `
exports.before = ({ image }) => ({ x: Buffer.from(image, 'base64').readUInt32BE(${widthInBytes}) });
exports.after = ({ value }) => ({ area: value });
`;
const text = { type: 'string' };
const instance = { type: 'object', required: ['image'], properties: { image: text } };
const prediction = { type: 'object', required: ['area'], properties: { area: { type: 'number' } } };

const draw = (side: number) => PNG.sync.write(new PNG({ width: side, height: side, fill: true }));

testInBrowser('The page takes an image as a file, shows it, and predicts it', async () => {
  const directory = mkdtempSync(join(tmpdir(), 'images-'));
  const golden = [1, 2, 3].map((side) => ({
    instance: { image: draw(side).toString('base64') },
    prediction: { area: side ** 2 },
  }));
  writeHookedModel(directory, { source, golden, card: { instance, prediction } });
  const host = await startHost('server.ts', { env: { MODEL_DIR: directory } });
  const page = await open(host.url);
  await predicted(page, /: 1$/);
  await page.locator('#file-0').setInputFiles({ name: 'seven.png', mimeType: 'image/png', buffer: draw(7) });
  await predicted(page, /: 49$/);
  await page.locator('#picture-0[width="7"]').waitFor();
  expect(await page.locator('#field-0').inputValue()).toBe(draw(7).toString('base64'));
  expect(await findBarriers(page)).toEqual([]);
  await page.close();
  await host.stop();
  rmSync(directory, { recursive: true });
});
