/** The dashboard asks for metrics that there are, under labels that they have. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Host, startHost } from '../hosts';
import { samples } from '../model-files';
import { projectDirectory } from '../processes';

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
  let host: Host;
  beforeAll(async () => {
    host = await startHost('in process');
    // Drift is measured from some hundred rows on.
    const instances = Array.from({ length: 600 }, (_, i) => samples[i % samples.length]?.instance);
    await host.post('/predict', { instances });
    await host.post('/predict', {});
    // Lag is measured between two scrapes.
    await host.request('GET', '/metrics');
    metrics = (await host.request('GET', '/metrics')).text;
  });
  afterAll(() => host.stop());

  test.each(panels)('asks for what is measured: $title', ({ targets }) => {
    for (const { expr, legendFormat } of targets) {
      const names = expr.match(/\b(predict|process|nodejs)_\w+/g) ?? [];
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
