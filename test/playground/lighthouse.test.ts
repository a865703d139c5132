/** Lighthouse's audits of the page, run where REFEREES=all asks for them: 180 MB of packages, for Node.js 22 and newer. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { setUpPackages } from '../clients/node-packages';
import { type Host, startHost } from '../hosts';
import { projectDirectory } from '../processes';
import { findBrowser } from '../tools.cjs';

const run = promisify(execFile);
const least = 95;
const chromium = findBrowser('Chromium');
const canRun = Number(process.versions.node.split('.')[0]) >= 22 && chromium !== undefined;

interface Report {
  readonly categories: Readonly<Record<string, { readonly title: string; readonly score: number }>>;
}

describe('Lighthouse', () => {
  if (process.env.REFEREES !== 'all' || !canRun) {
    test.skip('is not run: set REFEREES=all, with Chromium and Node.js 22 or newer', () => undefined);
    return;
  }
  let host: Host;
  beforeAll(async () => {
    host = await startHost('server.ts');
  });
  afterAll(() => host.stop());

  test.each(['phone', 'desktop'])(`gives the page at least ${least} in each category, %s`, async (form) => {
    const packages = setUpPackages(join(projectDirectory, 'test/clients/lighthouse'));
    if ('missing' in packages) throw new Error(packages.missing);
    const words = [
      join(packages.directory, 'node_modules/lighthouse/cli/index.js'),
      ...[host.url, '--quiet', '--output=json', '--chrome-flags=--headless=new --no-sandbox'],
      '--only-categories=performance,accessibility,best-practices,seo',
      ...(form === 'desktop' ? ['--preset=desktop'] : []),
    ];
    const env = { ...process.env, CHROME_PATH: chromium };
    const { stdout } = await run(process.execPath, words, { env, maxBuffer: 64 * 1024 * 1024 });
    const { categories } = JSON.parse(stdout) as Report;
    const scores = Object.values(categories).map(({ title, score }) => [title, Math.round(100 * score)] as const);
    console.info(scores.map(String).join('; '));
    expect(scores).toHaveLength(4);
    expect(scores.filter(([, score]) => score < least)).toEqual([]);
  });
});
