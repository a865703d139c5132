/** A real Chromium: the system's, where there is one. */
import { existsSync, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { type Browser, type BrowserContextOptions, chromium, type Page } from 'playwright-core';
import { projectDirectory } from '../processes';

const programs = [
  process.env.CHROMIUM ?? '',
  '/usr/bin/chromium',
  '/usr/bin/chromium-browser',
  '/usr/bin/google-chrome',
];

export const program = programs.find((path) => path !== '' && existsSync(path));
export const pictures = join(projectDirectory, 'coverage/playground');

/** `test`, or one that says why it is skipped. */
export const testInBrowser = program === undefined ? test.skip : test;

export async function launchBrowser(): Promise<Browser | undefined> {
  if (program === undefined) return undefined;
  mkdirSync(pictures, { recursive: true });
  // A container's root has no sandbox of its own.
  return chromium.launch({ executablePath: program, args: ['--no-sandbox'] });
}

/** A page that fails the test when it breaks its policy, throws, or asks anybody else. */
export async function openPage(browser: Browser, url: string, options: BrowserContextOptions = {}): Promise<Page> {
  const page = await browser.newPage({ viewport: { width: 1200, height: 900 }, ...options });
  const faults: string[] = [];
  page.on('pageerror', (error) => faults.push(error.message));
  page.on('console', (message) => {
    // Chromium notes every answer that is not a success.
    if (message.type() === 'error' && !message.text().startsWith('Failed to load resource'))
      faults.push(message.text());
  });
  page.on('request', (request) => {
    if (!request.url().startsWith(url)) faults.push(`asks ${request.url()}`);
  });
  page.on('close', () => expect(faults).toEqual([]));
  await page.goto(`${url}/`);
  return page;
}
