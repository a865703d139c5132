/** The parts of a picture: marks and words as SVG, in the colours of a light and of a dark page. */

/** Colours with at least 4.5 : 1 of contrast on the page; no two contenders differ by colour alone. */
export const palettes = {
  light: {
    text: '#1f2328',
    muted: '#59636e',
    grid: '#d1d9e0',
    function: '#0969da',
    server: '#1a7f37',
    'fastapi-sklearn': '#bc4c00',
    'fastapi-onnx-typed': '#8250df',
  },
  dark: {
    text: '#f0f6fc',
    muted: '#9198a1',
    grid: '#3d444d',
    function: '#4493f8',
    server: '#3fb950',
    'fastapi-sklearn': '#f0883e',
    'fastapi-onnx-typed': '#ab7df8',
  },
};

/** Names beside marks. */
export const shortTitles = {
  function: 'function',
  server: 'service',
  'fastapi-sklearn': 'FastAPI, sklearn',
  'fastapi-onnx-typed': 'FastAPI, ONNX',
};

/** Wide enough for the words, narrow enough for a phone. */
export const width = 480;

export function toSvg({ title, description, height }, elements) {
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" role="img" aria-labelledby="title description" font-family="system-ui, sans-serif" font-size="14">`,
    `<title id="title">${toXml(title)}</title>`,
    `<desc id="description">${toXml(description)}</desc>`,
    ...elements,
    '</svg>\n',
  ].join('\n');
}

export function text(x, y, words, { fill, anchor = 'start', weight = 'normal' }) {
  return `<text x="${at(x)}" y="${at(y)}" fill="${fill}" text-anchor="${anchor}" font-weight="${weight}">${toXml(words)}</text>`;
}

export function line(from, to, { stroke, thick = 1, dash = 'none' }) {
  return `<line x1="${at(from[0])}" y1="${at(from[1])}" x2="${at(to[0])}" y2="${at(to[1])}" stroke="${stroke}" stroke-width="${thick}" stroke-dasharray="${dash}"/>`;
}

export function polyline(points, { stroke }) {
  return `<polyline points="${points.map((point) => point.map(at).join(',')).join(' ')}" fill="none" stroke="${stroke}" stroke-width="2"/>`;
}

const shapes = {
  function: (x, y, r) => `<circle cx="${at(x)}" cy="${at(y)}" r="${r}"/>`,
  server: (x, y, r) => polygon([x - r, y - r], [x + r, y - r], [x + r, y + r], [x - r, y + r]),
  'fastapi-sklearn': (x, y, r) => polygon([x, y - r * 1.3], [x + r * 1.2, y + r], [x - r * 1.2, y + r]),
  'fastapi-onnx-typed': (x, y, r) => polygon([x, y - r * 1.4], [x + r * 1.4, y], [x, y + r * 1.4], [x - r * 1.4, y]),
};

const polygon = (...points) => `<polygon points="${points.map((point) => point.map(at).join(',')).join(' ')}"/>`;

/** The mark of a contender: each has a shape of its own. */
export function mark(id, x, y, { fill, radius = 4, opacity = 1 }) {
  return `<g fill="${fill}" fill-opacity="${opacity}">${shapes[id](x, y, radius)}</g>`;
}

const at = (number) => Number(number.toFixed(1));

function toXml(words) {
  return words.replace(/&/g, '&amp;').replace(/</g, '&lt;');
}
