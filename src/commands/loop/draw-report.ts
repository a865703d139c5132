/** The report as a picture: live quality by day, and by bin of each feature, beside the card's figure. */
import type { Report } from './report';
import type { Score } from './score';

const width = 720;
const left = 150;
const panelHeight = 110;
const barsHeight = 56;
const top = 56;
/** Of the names below bars. */
const widthOfCharacter = 5;

interface Panel {
  readonly title: string;
  readonly bars: readonly (readonly [name: string, score: Score])[];
}

export function drawReport({ card, evaluation, byDay, features, all }: Report): string {
  const known = evaluation?.accuracy ?? evaluation?.rootMeanSquaredError;
  const what = card.labels === undefined ? 'Root mean squared error' : 'Accuracy';
  const panels: readonly Panel[] = [
    { title: 'day', bars: [...byDay] },
    ...features.map(({ name, bins }) => ({
      title: name,
      bars: bins.map(({ range, score }) => [range, score] as const),
    })),
  ];
  const values = panels.flatMap(({ bars }) => bars.flatMap(([, { rows, value }]) => (rows === 0 ? [] : [value])));
  const most = card.labels === undefined ? Math.max(known ?? 0, ...values, Number.MIN_VALUE) : 1;
  const height = top + panels.length * panelHeight;
  const live = `${what}: live ${short(all.value)} over ${all.rows} rows${known === undefined ? '' : `, hold-out ${short(known)} (line)`}`;
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" font-family="system-ui, sans-serif" font-size="11">`,
    `<title>${escapeXml(`${card.title}: ${live}`)}</title>`,
    `<rect width="${width}" height="${height}" fill="#fff"/>`,
    text(16, 24, `${card.title}, ${card.version}`, ' font-size="15" font-weight="600"'),
    text(16, 42, live),
    ...panels.map((panel, i) => drawPanel(panel, top + i * panelHeight, most, known)),
    '</svg>',
    '',
  ].join('\n');
}

function drawPanel({ title, bars }: Panel, y: number, most: number, known: number | undefined): string {
  const base = y + 16 + barsHeight;
  const step = (width - left - 16) / Math.max(bars.length, 1);
  // A year has more days than there is room for with a space between and a name below.
  const space = Math.min(4, step / 4);
  const thickness = Math.min(step - space, 48);
  const named = Math.ceil(longest(bars.map(([name]) => name)) / step);
  const toHeight = (value: number) => (Math.min(value, most) / most) * barsHeight;
  const drawn = bars.map(([name, { rows, value }], i) => {
    const x = left + i * step;
    const middle = ' text-anchor="middle" font-size="9"';
    const below = (place: number, more = '') => (i % named === 0 ? text(place, base + 12, name, middle + more) : '');
    if (rows === 0) return below(x + step / 2, ' fill="#999"');
    const high = toHeight(value);
    const bar = `<rect x="${at(x + space / 2)}" y="${at(base - high)}" width="${at(thickness)}" height="${at(high)}" fill="#3566a8"><title>${escapeXml(`${name}: ${short(value)}, ${rows} rows`)}</title></rect>`;
    return `${bar}${below(x + (thickness + space) / 2)}`;
  });
  const line =
    known === undefined
      ? ''
      : `<line x1="${left}" x2="${width - 16}" y1="${at(base - toHeight(known))}" y2="${at(base - toHeight(known))}" stroke="#c2410c" stroke-dasharray="4 3"/>`;
  return [text(16, base, title), ...drawn, line].join('\n');
}

function text(x: number, y: number, content: string, more = ''): string {
  return `<text x="${at(x)}" y="${at(y)}"${more}>${escapeXml(content)}</text>`;
}

/** About how wide the longest of the names below bars is, with a space. */
function longest(names: readonly string[]): number {
  return widthOfCharacter * (1 + Math.max(0, ...names.map(({ length }) => length)));
}

const escapes: Readonly<Record<string, string>> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;' };
const escapeXml = (content: string) => content.replaceAll(/[&<>"]/g, (character) => escapes[character] ?? '');
const short = (value: number) => String(Number(value.toPrecision(4)));
const at = (value: number) => Number(value.toFixed(1));
