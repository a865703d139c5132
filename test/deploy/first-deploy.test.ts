/** The first deploy of somebody who has set up nothing yet: a dry run prints its command, a real one says what is missing. */
import { mkdtempSync, rmSync, symlinkSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from './commands';

/** A PATH with Node.js alone: gcloud is not installed. */
const bin = mkdtempSync(join(tmpdir(), 'first-deploy-'));
symlinkSync(process.execPath, join(bin, 'node'));
afterAll(() => rmSync(bin, { recursive: true }));

const deploy = (...words: readonly string[]) =>
  run(process.execPath, ['deploy/deploy.mjs', ...words], { PATH: bin, HOME: bin });

test.each(['function', 'service'])('a dry run of a %s prints the command with a placeholder', async (kind) => {
  const { code, stdout, stderr } = await deploy(kind, '--dry-run');
  expect(code).toBe(0);
  expect(stdout).toMatch(/^gcloud run deploy .*--project=PROJECT_ID/s);
  expect(stderr).toContain('No project is set, PROJECT_ID stands for it: pass --project=ID');
});

test('a deploy without gcloud says where to get it', async () => {
  const { code, stderr } = await deploy('function');
  expect(code).not.toBe(0);
  expect(stderr).toMatch(/gcloud was not found: install it from https:/);
});
