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

describe('a wrong word ends a command with 2, and a line that says what is expected', () => {
  test.each([
    ['bench', '--lihgt', "Unknown option '--lihgt': expected --light, --write."],
    ['bench', 'overload many', 'Expected seconds to be a positive number, got "many".'],
    ['bench', 'soak 0', 'Expected minutes to be a positive number, got "0".'],
    ['bench', 'threads 1 2', 'Expected at most seconds, got "1 2".'],
    ['compare', '--quik', "Unknown option '--quik': expected --quick, --draw, --to."],
    ['deploy', 'function --memory=9', '--memory is "9": expected a number followed by Mi or Gi.'],
    ['deploy', 'service --name', '--name has no value: expected --name=VALUE.'],
    ['deploy', 'smoke-test nowhere', 'Expected a URL that starts with https:// or http://, got "nowhere".'],
    [
      'deploy',
      'setup --projekt=x',
      "Unknown option '--projekt=x': expected --project=ID, --repository=OWNER/NAME, --service=NAME, --region=REGION or --dry-run.",
    ],
    ['train', 'packager --check', 'Expected no words behind packager, got "--check".'],
    ['train', '--chek', "Unknown option '--chek': expected --with CAPTURES or --check."],
    ['deploy', 'examples flink', "Unknown engine 'flink': expected beam, spark or bigquery-ml."],
  ])('npm run %s -- %s', async (group, words, line) => {
    const { code, stdout, stderr } = await runGroup(group, ...words.split(' '));
    expect([code, stdout, stderr.trimEnd()]).toEqual([2, '', line]);
  });
});
