/** Shows the prediction as a headline and bars. */
import type { Prediction } from './api';
import { byId, data, percent, readable, say } from './page';
import { createRow, fewest } from './rows';

/** Characters shown of a prediction that is neither label nor number. */
const maxTextLength = 300;

export function showPrediction(prediction: Prediction): void {
  const { label, probabilities, value } = prediction;
  say(byId('headline'), label ?? (typeof value === 'number' ? readable(value) : shorten(JSON.stringify(prediction))));
  if (probabilities === undefined) return;
  const shares = fewest(data.labels.map((name) => ({ name, share: probabilities[name] ?? Number.NaN })));
  const rows = shares.map(({ name, share }) =>
    createRow({
      name,
      number: percent(share),
      from: 0,
      length: 100 * (share || 0),
      bar: 'bar',
      row: name === label ? 'row chosen' : 'row',
    }),
  );
  byId('bars').replaceChildren(...rows);
}

function shorten(text: string): string {
  return text.length > maxTextLength ? `${text.slice(0, maxTextLength)}…` : text;
}
