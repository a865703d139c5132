/** Shows failures where they happened, in the server's words. */
import { type Fault, Refusal } from './api';
import { type Entries, findMissing } from './entries';
import { featureOf, fieldOf } from './form';
import { create, data } from './page';

/** The faults that the server reported; empty if it was unreachable. */
export function faultsOf(failure: unknown): readonly Fault[] {
  return failure instanceof Refusal ? failure.faults : [];
}

/** Throws for empty fields that the endpoint would refuse: it need not be asked. */
export function refuseMissing(entries: Entries): void {
  const faults = findMissing(entries).map((index) => {
    const { name, kind } = data.features[index] ?? {};
    const wanted = kind === 'integer' ? 'a whole number' : kind === 'number' ? 'a number' : 'a value';
    return { pointer: `/instances/0/${index}`, detail: `${name} is missing: enter ${wanted}.` };
  });
  if (faults.length > 0) throw new Refusal(422, 'The input is not complete', faults);
}

/** Shows a failure in its element, or hides the element. */
export function showProblem(id: string, failure?: unknown, retry?: () => void): void {
  // What the page of a model does not have cannot fail.
  const problem = document.getElementById(id);
  if (problem === null) return;
  problem.hidden = failure === undefined;
  if (failure === undefined) return problem.replaceChildren();
  const { message, faults } = toRefusal(failure);
  problem.replaceChildren(
    create('strong', {}, message),
    create('ul', {}, ...faults.map((fault) => create('li', {}, toContent(fault)))),
    ...(retry !== undefined && mayPass(failure) ? [createRetry(retry)] : []),
  );
}

/** Whether the same request may be answered later. */
const mayPass = (failure: unknown) => !(failure instanceof Refusal) || failure.status === 429 || failure.status >= 500;

function createRetry(retry: () => void): HTMLElement {
  const button = create('button', { type: 'button' }, 'Try again');
  button.addEventListener('click', retry);
  return button;
}

function toRefusal(failure: unknown): Pick<Refusal, 'message' | 'faults'> {
  if (failure instanceof Refusal) return failure;
  const isLate = failure instanceof DOMException && failure.name === 'TimeoutError';
  return {
    message: 'No response',
    faults: [{ detail: isLate ? 'No answer within a minute.' : 'The server is unreachable.' }],
  };
}

/** "/3/hull", the fourth row of a table, as people count. */
function toPlace({ pointer = '', detail }: Fault): string {
  const [, row, ...path] = pointer.split('/');
  if (row === undefined) return '';
  if (!/^\d+$/.test(row)) return `${pointer}: `;
  const column = path.join('/');
  return `Row ${Number(row) + 1}${detail.startsWith(column) ? '' : `, ${column}`}: `;
}

/** A link to the field at fault; the place in words where there is none. */
function toContent(fault: Fault): Node | string {
  const index = featureOf(fault);
  if (index === undefined) return toPlace(fault) + fault.detail;
  const link = create('a', { href: `#field-${index}` }, fault.detail);
  link.addEventListener('click', (event) => {
    event.preventDefault();
    const field = fieldOf(index);
    // A search may have hidden it.
    (field.closest('.field') as HTMLElement).hidden = false;
    field.focus();
  });
  return link;
}
