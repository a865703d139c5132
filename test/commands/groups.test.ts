/** Commands with subcommands tell their usage when asked, and refuse what they do not know with it. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../deploy/commands';
import { projectDirectory } from '../processes';

const { scripts } = JSON.parse(readFileSync(join(projectDirectory, 'package.json'), 'utf8')) as {
  readonly scripts: Readonly<Record<string, string>>;
};

/** The script without the build before it, which would change files under other tests. */
function runGroup(group: string, ...words: readonly string[]) {
  const [program = '', ...parameters] = (scripts[group] ?? '').split(' && ').at(-1)?.split(' ') ?? [];
  return run(program, [...parameters, ...words]);
}

describe.each(['bench', 'deploy', 'model', 'train'])('npm run %s', (group) => {
  test.each(['--help', 'check --help'])('-- %s prints the usage', async (words) => {
    const { code, stdout, stderr } = await runGroup(group, ...words.split(' '));
    expect([code, stderr]).toEqual([0, '']);
    expect(stdout).toMatch(new RegExp(`^usage: npm run ${group} -- `));
  });

  test('-- nothing-known is refused with the usage', async () => {
    const { code, stdout, stderr } = await runGroup(group, 'nothing-known');
    expect([code, stdout]).toEqual([2, '']);
    expect(stderr).toMatch(new RegExp(`^usage: npm run ${group} -- `, 'm'));
  });
});
