/** The site of the documents leads to each of them. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectDirectory } from '../processes';
import { documents } from './documents';

test('The sidebar of the site has each document once, and nothing else', () => {
  const sections = JSON.parse(readFileSync(join(projectDirectory, 'docs/site/sidebar.json'), 'utf8')) as object;
  const listed = Object.values(sections).flatMap((titles: object) => Object.keys(titles));
  // README.md of docs/ is the first page.
  const written = documents.flatMap(({ path }) => /^docs\/(?!README)(.+)\.md$/.exec(path)?.[1] ?? []);
  expect(listed.toSorted()).toEqual(written.toSorted());
});
