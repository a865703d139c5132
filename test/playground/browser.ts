/** A real Chromium: the system's, where there is one. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { type Host, startHost } from '../hosts';
import { projectDirectory } from '../processes';
import { findChromium } from '../tools.cjs';

export const program = findChromium();
export const pictures = join(projectDirectory, 'coverage/playground');

/** `test`, or one that says why it is skipped. */
export const testInBrowser = program === undefined ? test.skip : test;

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export interface Pages {
  open(url: string, options?: BrowserContextOptions): Promise<Page>;
}

/** Serves models: the host of a test, which ends with it. */
export function useServer() {
  const current: { host: Host | undefined } = { host: undefined };
  afterEach(() => current.host?.stop());

  async function serve(directory: string): Promise<string> {
    current.host = await startHost('server.ts', { env: { MODEL_DIR: directory } });
    return current.host.url;
  }

  return { current, serve };
}

/** Pages for the tests of a file. A test fails when one of its pages breaks its policy, throws, or asks anybody else. */
export function usePages(): Pages {
  let browser: Browser | undefined;
  let faults: string[] = [];
  beforeAll(async () => {
    if (program === undefined) {
      console.warn('No Chromium here: the tests of the playground are skipped. CHROMIUM names one.');
      return;
    }
    mkdirSync(pictures, { recursive: true });
    // A container's root has no sandbox of its own.
    browser = await chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
  });
  afterEach(async () => {
    await Promise.all((browser?.contexts() ?? []).map((context) => context.close()));
    const found = faults;
    faults = [];
    expect(found).toEqual([]);
  });
  afterAll(() => browser?.close());

  async function open(url: string, options: BrowserContextOptions = {}): Promise<Page> {
    const context = await (browser as Browser).newContext({ viewport: { width: 1200, height: 900 }, ...options });
    const page = await context.newPage();
    page.on('pageerror', (error) => faults.push(error.message));
    page.on('console', (message) => {
      // Chromium notes every answer that is not a success.
      if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
        faults.push(message.text());
    });
    page.on('request', (request) => {
      if (!request.url().startsWith(url.replace(/#.*/, ''))) faults.push(`asks ${request.url()}`);
    });
    await page.goto(url);
    return page;
  }

  return { open };
}

/** Waits until the page shows a prediction. */
export function predicted(page: Page, text: string | RegExp = /[^…]/): Promise<void> {
  return page.locator('#headline', { hasText: text }).waitFor();
}

/** Waits until the page shows a curve and an explanation, too: they come after the prediction. */
export async function drawn(page: Page): Promise<void> {
  await page.locator('#curve polyline').first().waitFor();
  await page.locator('#explanation .row').first().waitFor();
}

/** What keeps people with a screen reader or weak eyes out. */
export async function findBarriers(page: Page): Promise<string[]> {
  await page.evaluate(axe);
  const { violations } = await page.evaluate(() => (globalThis as unknown as { axe: { run(): AxeResults } }).axe.run());
  return violations.flatMap(({ id, nodes }) =>
    nodes.map(({ html, failureSummary }) => `${id}: ${html} ${failureSummary}`),
  );
}

/** How wide the page would have to be not to scroll sideways. */
export function neededWidth(page: Page): Promise<number> {
  return page.evaluate('document.documentElement.scrollWidth');
}
