/** Shows failures where they happened, in the server's words. */
import { type Fault, Refusal } from './api';
import { byId, create } from './page';

/** The faults that the server reported; empty if it was unreachable. */
export function faultsOf(failure: unknown): readonly Fault[] {
  return failure instanceof Refusal ? failure.faults : [];
}

/** Shows a failure in its element, or hides the element. */
export function showProblem(id: string, failure?: unknown): void {
  const problem = byId(id);
  problem.hidden = failure === undefined;
  if (failure === undefined) return problem.replaceChildren();
  const isRefusal = failure instanceof Refusal;
  const faults = isRefusal ? failure.faults : [{ detail: 'The server is unreachable. Try again later.' }];
  problem.replaceChildren(
    create('strong', {}, isRefusal ? failure.message : 'No response'),
    create('ul', {}, ...faults.map((fault) => create('li', {}, toText(fault)))),
  );
}

function toText({ pointer, detail }: Fault): string {
  return pointer === undefined ? detail : `${pointer}: ${detail}`;
}
