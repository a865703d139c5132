/** The routes of what a problem means and what to do about it. */
import type { Handler } from '../http/message';
import type { Route } from '../http/router';
import { type ProblemType, problemTypes } from '../problem';
import { answerTagged, tagReply } from './conditional';
import { type Forms, once, prefersHtml, withVary } from './negotiation';
import type { Explained } from './problem-guide';

// Loaded when somebody asks.
const loadPages = () => require('./problem-pages') as typeof import('./problem-pages');

/** All but the one that nobody is there to read. */
export const explainedTypes = Object.keys(problemTypes).filter(
  (type) => type !== ('caller-gone' satisfies ProblemType),
) as Explained[];

export function problemRoutes(path: string): [string, Route][] {
  return [
    [path, { GET: inBothForms(() => loadPages().listProblems()) }],
    ...explainedTypes.map((type): [string, Route] => [
      `${path}/${type}`,
      { GET: inBothForms(() => loadPages().describeProblem(type)) },
    ]),
  ];
}

function inBothForms(create: () => Forms): Handler {
  const forms = once(() => {
    const { page, document } = create();
    return { page: tagReply(withVary(page)), document: tagReply(withVary(document)) };
  });
  return (request) => answerTagged(prefersHtml(request) ? forms().page : forms().document, request);
}
