/** Requests and programs that documents print, each with the answer that is printed below it. */
import type { ProjectDocument } from './documents';

export interface Program {
  readonly path: string;
  readonly language: string;
  readonly program: string;
  /** A line that tells it from others. */
  readonly title: string;
  readonly answer: unknown;
}

/** A program of these documents that uses a package, such as a client. */
export const programsWith = (documents: readonly ProjectDocument[], word: string): readonly Program[] =>
  readPrograms(documents).filter(({ program }) => program.includes(word));

/** What runs only beside what was generated from the document: test/clients/generated.test.ts does. */
export const isOfGenerated = ({ path }: Program): boolean => path === 'docs/guides/clients.md';

/** Programs that are tabs of the site share the answer below them. */
const tabs = /<!-- tabs -->\n([\s\S]*?)<!-- \/tabs -->\n+(```json\n[^`]*```)/g;
const ends = /```\n(?=\n|$)/g;
const answered = /```(sh|python|ts|js|go|java)\n([^`]*)```\n+```json\n([^`]*)```/g;

export function readPrograms(documents: readonly ProjectDocument[]): readonly Program[] {
  return documents.flatMap(({ path, text }) =>
    [...toOwnAnswers(text).matchAll(answered)].map(([, language = '', program = '', answer = '']) => ({
      path,
      language,
      program,
      title: program.split('\n').find((line) => /^curl|client|requests|fetch/.test(line)) ?? '',
      answer: JSON.parse(answer) as unknown,
    })),
  );
}

function toOwnAnswers(text: string): string {
  return text.replaceAll(tabs, (_, programs: string, answer: string) =>
    programs.replaceAll(ends, `\`\`\`\n${answer}\n`),
  );
}
