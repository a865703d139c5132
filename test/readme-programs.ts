/** Programs that a document prints, each with the answer that is printed below it. */

export interface Program {
  readonly language: string;
  readonly program: string;
  readonly title: string;
  readonly answer: unknown;
}

export function readPrograms(document: string): readonly Program[] {
  return [...document.matchAll(/```(python|ts)\n([^`]*)```\n+```json\n([^`]*)```/g)].map(
    ([, language = '', program = '', answer = '']) => ({
      language,
      program,
      title: program.split('\n').find((line) => /client|requests|fetch/.test(line)) ?? '',
      answer: JSON.parse(answer) as unknown,
    }),
  );
}
