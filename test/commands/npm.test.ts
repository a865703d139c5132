/** npm has nothing to say about this project: no setting that it does not know, no install script that it would run or block. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../deploy/commands';
import { projectDirectory } from '../processes';

const { scripts } = JSON.parse(readFileSync(join(projectDirectory, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

// npm warns from version 11 on.
test('npm knows each setting of .npmrc', async () => {
  const { code, stderr } = await run('npm', ['pkg', 'get', 'name'], { npm_config_loglevel: 'warn' });
  expect(code).toBe(0);
  expect(stderr).not.toMatch(/project config/i);
});

test('npm runs no script that a package brings', async () => {
  const { stdout } = await run('npm', ['config', 'get', 'ignore-scripts']);
  expect(stdout.trim()).toBe('true');
});

test('no script relies on one that npm leaves out with them', () => {
  const names = Object.keys(scripts);
  const led = names.filter((name) => names.some((other) => name === `pre${other}` || name === `post${other}`));
  expect(led).toEqual([]);
});
