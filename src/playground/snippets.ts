/** Shows the request of the form as programs to copy. */
import { copy } from './copy';
import type { Entries } from './entries';
import { byId } from './page';
import { programs } from './programs';

export function showSnippets(entries: Entries): void {
  for (const [id, write] of Object.entries(programs)) {
    // A deployment may lack the protocol.
    const place = document.getElementById(`snippet-${id}`);
    if (place !== null) place.textContent = write(entries).join('\n');
  }
}

export function listenToCopyButtons(): void {
  for (const button of document.querySelectorAll<HTMLButtonElement>('button[data-copies]')) {
    button.addEventListener('click', () => {
      void copy(byId(button.dataset.copies ?? '').textContent ?? '', button);
    });
  }
}
