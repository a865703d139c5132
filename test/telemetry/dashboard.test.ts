/** The dashboard asks for metrics that there are, under labels that they have. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectDirectory } from '../processes';
import { measure, readExpression } from './measured';

interface Panel {
  readonly title: string;
  readonly gridPos: { readonly x: number; readonly y: number; readonly w: number; readonly h: number };
  readonly targets: readonly { readonly expr: string; readonly legendFormat: string }[];
}

const { panels } = JSON.parse(readFileSync(join(projectDirectory, 'deploy/grafana-dashboard.json'), 'utf8')) as {
  readonly panels: readonly Panel[];
};

describe('the Grafana dashboard', () => {
  let metrics = '';
  beforeAll(async () => {
    const { server, regressor, reports } = await measure();
    metrics = server + regressor + reports;
  });

  test.each(panels)('asks for what is measured: $title', ({ targets }) => {
    for (const { expr, legendFormat } of targets) {
      const { names } = readExpression(expr);
      expect(names.length).toBeGreaterThan(0);
      for (const name of names) expect(metrics).toMatch(new RegExp(`^${name}[{ ]`, 'm'));
      for (const [, label = ''] of legendFormat.matchAll(/\{\{(\w+)\}\}/g))
        expect(metrics).toMatch(new RegExp(`^${names[0]}\\{[^}]*${label}="`, 'm'));
    }
  });

  test('has panels that do not overlap', () => {
    const cells = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
      Array.from({ length: w * h }, (_, i) => `${x + (i % w)},${y + Math.floor(i / w)}`),
    );
    expect(new Set(cells).size).toBe(cells.length);
  });
});
