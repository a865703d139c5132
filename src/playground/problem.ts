/** Failures in the words of the server, where they happened. */
import { type Fault, Refusal } from './api';
import { byId, create } from './page';

/** What the server found fault with; nothing where it could not be asked. */
export function faultsOf(failure: unknown): readonly Fault[] {
  return failure instanceof Refusal ? failure.faults : [];
}

/** Shows a failure in an element that is made for it, or that there is none. */
export function showProblem(id: string, failure?: unknown): void {
  const problem = byId(id);
  problem.hidden = failure === undefined;
  if (failure === undefined) return problem.replaceChildren();
  const isRefusal = failure instanceof Refusal;
  const faults = isRefusal ? failure.faults : [{ detail: 'The server could not be reached.' }];
  problem.replaceChildren(
    create('strong', {}, isRefusal ? failure.message : 'No answer'),
    create('ul', {}, ...faults.map((fault) => create('li', {}, toText(fault)))),
  );
}

function toText({ pointer, detail }: Fault): string {
  return pointer === undefined ? detail : `${pointer}: ${detail}`;
}
