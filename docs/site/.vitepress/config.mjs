/** The site of the documents in docs/: `npm ci --prefix docs/site && npm run --prefix docs/site build`, which fails for a dead link. */
import { copyFileSync, cpSync, existsSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { join, posix } from 'node:path';
import { defineConfig } from 'vitepress';

const documents = join(import.meta.dirname, '../..');
const repository = `https://github.com/${process.env.GITHUB_REPOSITORY ?? 'OWNER/REPOSITORY'}`;

const sections = JSON.parse(readFileSync(join(import.meta.dirname, '../sidebar.json'), 'utf8'));
const toSection = ([text, titles]) => ({
  text,
  items: Object.entries(titles).map(([path, title]) => ({ text: title, link: `/${path}` })),
});

// A page finds the packages of the site only if it lies within: so it is built from a copy.
const pages = join(import.meta.dirname, '../pages');
const folders = ['tutorials', 'guides', 'reference', 'explanation'];
rmSync(pages, { recursive: true, force: true });
for (const name of [...folders, ...readdirSync(documents).filter((each) => each.endsWith('.md'))])
  cpSync(join(documents, name), join(pages, name), { recursive: true });

// biome-ignore lint/style/noDefaultExport: VitePress reads it.
export default defineConfig({
  title: 'onnx-predict-function',
  description: 'A trained model behind a serverless HTTPS endpoint.',
  base: process.env.SITE_BASE ?? '/',
  srcDir: './pages',
  outDir: './dist',
  cacheDir: './dist/.cache',
  rewrites: { 'README.md': 'index.md' },
  // What a reader starts.
  ignoreDeadLinks: ['http://localhost:8080'],
  markdown: {
    config: (markdown) => {
      linkToSource(markdown);
      showTabs(markdown);
    },
    anchor: { slugify: toGitHubAnchor },
    // The usual themes are too pale on grey for WCAG.
    theme: { light: 'github-light-high-contrast', dark: 'github-dark-high-contrast' },
  },
  head: [['style', {}, ':root{--vp-code-lang-color:var(--vp-c-text-2)}']],
  // Pictures lie beside the page that shows them, there as here.
  vue: { template: { transformAssetUrls: false } },
  buildEnd: copyPictures,
  themeConfig: {
    search: { provider: 'local' },
    outline: [2, 3],
    socialLinks: [{ icon: 'github', link: repository }],
    sidebar: Object.entries(sections).map(toSection),
  },
});

const languages = { sh: 'curl', python: 'Python', ts: 'TypeScript' };

/** Programs between comments become tabs here, and stay one below the other on GitHub. */
function showTabs(markdown) {
  markdown.core.ruler.after('normalize', 'show-tabs', (state) => {
    state.src = state.src.replaceAll(/^<!-- tabs -->$([\s\S]*?)^<!-- \/tabs -->$/gm, (_, programs) => {
      const titled = programs.replaceAll(/^```(\w+)$/gm, (fence, language) => `${fence} [${languages[language]}]`);
      return `::: code-group${titled}:::`;
    });
  });
}

/** Links to headings are those of GitHub, where the same files are read. */
function toGitHubAnchor(title) {
  return title
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s_-]/gu, '')
    .replaceAll(' ', '-');
}

function copyPictures({ outDir }) {
  for (const name of readdirSync(documents).filter((each) => /\.(svg|png)$/.test(each)))
    copyFileSync(join(documents, name), join(outDir, name));
}

/** A link to a file that is no document leads to the repository. */
function linkToSource(markdown) {
  markdown.core.ruler.push('link-to-source', ({ tokens, env }) => {
    for (const token of tokens.flatMap(({ children }) => children ?? [])) {
      if (token.type !== 'link_open') continue;
      const [path, hash = ''] = token.attrGet('href').split('#');
      if (path === '' || /^[a-z]+:/.test(path)) continue;
      const target = posix.join('docs', posix.dirname(env.relativePath), path);
      const isDocument = target.startsWith('docs/') && target.endsWith('.md');
      if (!isDocument && existsSync(join(documents, '..', target)))
        token.attrSet('href', `${repository}/blob/main/${target}${hash && `#${hash}`}`);
    }
  });
}
