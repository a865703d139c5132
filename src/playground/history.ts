/** The rows of this visit, the latest first: one click brings a row back. They are kept in this page only. */
import type { Prediction } from './api';
import type { Entries } from './entries';
import { byId, create } from './page';
import { headlineOf } from './prediction';

const maxRows = 10;
/** A row counts once somebody rests on it: the steps of a slider do not. */
const restMs = 1500;

interface Past {
  readonly entries: Entries;
  readonly text: string;
}

let past: readonly Past[] = [];
let timer: ReturnType<typeof setTimeout> | undefined;

export function remember(entries: Entries, prediction: Prediction, fill: (entries: Entries) => void): void {
  clearTimeout(timer);
  timer = setTimeout(() => {
    const text = JSON.stringify(entries.map((value) => value ?? null));
    const shown = `${headlineOf(prediction)} ← ${text.length > 60 ? `${text.slice(0, 60)}…` : text}`;
    past = [{ entries, text: shown }, ...past.filter((each) => each.text !== shown)].slice(0, maxRows);
    show(fill);
  }, restMs);
}

function show(fill: (entries: Entries) => void): void {
  const rows = past.map(({ entries, text }) => {
    const button = create('button', { type: 'button' }, text);
    button.addEventListener('click', () => fill(entries));
    return create('li', {}, button);
  });
  byId('history').replaceChildren(...rows);
  byId('history-part').hidden = past.length < 2;
}
