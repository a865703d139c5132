/** The reference is complete: settings, problems, commands, and links that lead somewhere. */
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { advice } from '../../src/documents/problem-guide';
import { problemTypes } from '../../src/problem';
import { projectDirectory } from '../processes';
import { documents, type ProjectDocument } from './documents';

function read(path: string): string {
  return readFileSync(join(projectDirectory, path), 'utf8');
}

test('every setting has a line', () => {
  const page = read('docs/reference/settings.md');
  const names = [...read('src/config.ts').matchAll(/(?:integer|choice|text|path)\('([A-Z_]+)'/g)].map(
    ([, name = '']) => name,
  );
  expect(names.length).toBeGreaterThan(10);
  expect(names.filter((name) => !page.includes(`\`${name}\``))).toEqual([]);
});

test('every problem that a caller can get has a line with its status', () => {
  const page = read('docs/reference/errors.md');
  const seen = Object.entries(problemTypes).filter(([type]) => type !== 'caller-gone');
  expect(
    seen.filter(([type, { status }]) => !new RegExp(`^\\| ${status}[^|]*\\| \`${type}\``, 'm').test(page)),
  ).toEqual([]);
});

test('a problem means the same in the reference and at the deployment', () => {
  const page = read('docs/reference/errors.md');
  for (const [type, { cause, cure }] of Object.entries(advice))
    expect(page).toContain(`| \`${type}\` | ${cause} | ${cure} |`);
});

test('the README names the two commands as they stand in package.json, and is short', () => {
  const readme = read('README.md');
  expect(readme).toContain('npm ci && npm start');
  expect(readme).toContain('npm ci && npm test');
  expect(readme.split('\n').length).toBeLessThan(160);
});

/** As GitHub makes them of headings. */
function anchorsOf(text: string): readonly string[] {
  return [...text.matchAll(/^#+ (.*)$/gm)].map(([, heading = '']) =>
    heading
      .toLowerCase()
      .replaceAll(/[^\w\- ]/g, '')
      .replaceAll(' ', '-'),
  );
}

function linksOf({ path, text }: ProjectDocument): readonly string[] {
  const prose = text.replaceAll(/```[\s\S]*?```/g, '');
  const targets = [...prose.matchAll(/\]\(([^)\s]+)\)|(?:src|href)="([^"]+)"/g)].map(([, inText, inTag]) =>
    // GitHub shows a workflow two levels above the files of a branch, whatever the repository is called.
    (inText ?? inTag)?.replace(/^(?:\.\.\/){2}actions\/(workflows\/\w+\.yml)(?:\/badge\.svg)?$/, '.github/$1'),
  );
  return targets
    .filter((target): target is string => target !== undefined && !/^https?:/.test(target))
    .map((target) => {
      const [file = '', anchor] = target.split('#');
      const resolved = file === '' ? path : join(dirname(path), file);
      return anchor === undefined ? resolved : `${resolved}#${anchor}`;
    });
}

test.each(documents)('links of $path lead to files and headings', (document) => {
  const broken = linksOf(document).filter((link) => {
    const [file = '', anchor] = link.split('#');
    if (!existsSync(join(projectDirectory, file))) return true;
    return anchor !== undefined && !anchorsOf(read(file)).includes(anchor);
  });
  expect(broken).toEqual([]);
});

test('every document is reached from the README', () => {
  const reached = new Set(['README.md']);
  for (const path of reached) {
    const document = documents.find((each) => each.path === path);
    for (const link of document === undefined ? [] : linksOf(document)) reached.add(link.split('#')[0] as string);
  }
  expect(documents.map(({ path }) => path).filter((path) => !reached.has(path))).toEqual([]);
});
