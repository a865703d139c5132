/** The documents of the project: README.md and those below docs/. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectDirectory } from '../processes';

export interface ProjectDocument {
  /** Path from the root of the project. */
  readonly path: string;
  readonly text: string;
}

const paths = readdirSync(join(projectDirectory, 'docs'), { recursive: true, encoding: 'utf8' })
  // The site has packages, and copies.
  .filter((path) => path.endsWith('.md') && !path.startsWith('site/'))
  .map((path) => `docs/${path}`)
  .sort();

export const documents: readonly ProjectDocument[] = ['README.md', ...paths].map((path) => ({
  path,
  text: readFileSync(join(projectDirectory, path), 'utf8'),
}));
