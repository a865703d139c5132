/** The prediction as a headline and bars. */
import type { Prediction } from './api';
import { byId, data, percent, readable, say } from './page';
import { createRow, fewest } from './rows';

export function showPrediction({ label, probabilities, value }: Prediction): void {
  say(byId('headline'), label ?? (value === undefined ? '' : readable(value)));
  if (probabilities === undefined) return;
  const shares = fewest(data.labels.map((name) => ({ name, share: probabilities[name] ?? 0 })));
  const rows = shares.map(({ name, share }) =>
    createRow({
      name,
      number: percent(share),
      from: 0,
      length: 100 * share,
      bar: 'bar',
      row: name === label ? 'row chosen' : 'row',
    }),
  );
  byId('bars').replaceChildren(...rows);
}
