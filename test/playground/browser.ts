/** Real browsers: the system's, where there are some. */
import { mkdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { AxeResults } from 'axe-core';
import {
  type Browser,
  type BrowserContextOptions,
  chromium,
  firefox,
  type LaunchOptions,
  type Page,
} from 'playwright-core';
import { type Host, startHost } from '../hosts';
import { projectDirectory } from '../processes';
import { findBrowser } from '../tools.cjs';

export const pictures = join(projectDirectory, 'coverage/playground');

/** How each is started. A container's root has no sandbox of its own; Firefox as it is installed speaks WebDriver BiDi. */
const launchers: Readonly<Record<BrowserName, (options: LaunchOptions) => Promise<Browser>>> = {
  Chromium: (options) => chromium.launch({ ...options, args: ['--no-sandbox'] }),
  Firefox: (options) => firefox.launch({ ...options, channel: 'moz-firefox' }),
};

export type BrowserName = 'Chromium' | 'Firefox';
export const browserNames: readonly BrowserName[] = ['Chromium', 'Firefox'];

const axe = readFileSync(require.resolve('axe-core/axe.min.js'), 'utf8');

export interface Pages {
  open(url: string, options?: BrowserContextOptions): Promise<Page>;
  /** `test`, or `test.skip` where the browser is not installed. */
  readonly testInBrowser: jest.It;
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
export function usePages(name: BrowserName = 'Chromium'): Pages {
  const executablePath = findBrowser(name);
  let browser: Browser | undefined;
  let faults: string[] = [];
  beforeAll(async () => {
    if (executablePath === undefined) {
      console.warn(`No ${name} here: tests of the playground are skipped. ${name.toUpperCase()} names its program.`);
      return;
    }
    mkdirSync(pictures, { recursive: true });
    browser = await launchers[name]({ executablePath });
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

  return { open, testInBrowser: executablePath === undefined ? test.skip : test };
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
