/** Prometheus itself (prometheus v2.42.0, as Debian has it) evaluates alerts and dashboard on real metrics, and fires when it should. */
import { execFileSync, spawn } from 'node:child_process';
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isInstalled, run } from '../deploy/commands';
import { type Host, startHost } from '../hosts';
import { samples } from '../model-files';
import { findFreePort, projectDirectory } from '../processes';
import { measure } from '../telemetry/measured';

const isWanted = process.env.REFEREES === 'all' && isInstalled('prometheus') && isInstalled('promtool');
const suite = isWanted
  ? describe
  : (title: string, _: () => void) =>
      describe.skip(`${title} (set REFEREES=all, with Debian's package prometheus on the PATH)`, _);

interface Rule {
  readonly name: string;
  readonly state: string;
  readonly health: string;
  readonly lastError?: string;
}

suite('Prometheus', () => {
  const directory = mkdtempSync(join(tmpdir(), 'prometheus-'));
  const rules = join(directory, 'rules.json');
  beforeAll(async () => {
    writeFileSync(rules, (await run('node', ['deploy/alerts.mjs', '--prometheus'])).stdout);
  });
  afterAll(() => rmSync(directory, { recursive: true }));

  test('takes the rules, which fire when they should and not before', () => {
    const cases = join(directory, 'alerts.promtest.yml');
    copyFileSync(join(projectDirectory, 'test/fixtures/alerts.promtest.yml'), cases);
    expect(execFileSync('promtool', ['check', 'rules', rules], { encoding: 'utf8' })).toContain(
      'SUCCESS: 4 rules found',
    );
    expect(execFileSync('promtool', ['test', 'rules', cases], { encoding: 'utf8' })).toContain('SUCCESS');
  });

  test('evaluates rules and panels on what servers and reports measure', async () => {
    const { server, reports } = await measure();
    const host = await startHost('server.ts');
    await drift(host);
    const texts = createServer(({ url }, answer) => answer.end(url === '/reports' ? reports : server)).listen(0);
    const port = await findFreePort();
    const program = await startPrometheus(port, [`127.0.0.1:${host.port}`], (texts.address() as AddressInfo).port);
    try {
      const found = await until(async () => {
        const known = await readRules(port);
        return known.length === 4 && known.some(({ state }) => state === 'pending') ? known : undefined;
      });
      expect(found.filter(({ health, lastError = '' }) => health !== 'ok' || lastError !== '')).toEqual([]);
      // It has to last an hour.
      expect(found.find(({ name }) => name === 'PredictionDrift')?.state).toBe('pending');
      for (const expression of panelExpressions())
        expect([expression, (await query(port, expression)).status]).toEqual([expression, 'success']);
      expect((await query(port, 'max by (version) (predict_feedback_accuracy)')).data?.result.length).toBeGreaterThan(
        0,
      );
    } finally {
      program.kill();
      texts.close();
      await host.stop();
    }
  }, 60_000);

  async function drift(host: Host): Promise<void> {
    const instances = Array.from({ length: 400 }, () => samples[0]?.instance.map((value) => value * 3));
    await host.post('/predict', { instances });
  }

  async function startPrometheus(port: number, targets: readonly string[], textPort: number) {
    const config = {
      global: { scrape_interval: '1s', evaluation_interval: '1s' },
      rule_files: [rules],
      scrape_configs: [
        { job_name: 'servers', static_configs: [{ targets }] },
        { job_name: 'reports', metrics_path: '/reports', static_configs: [{ targets: [`127.0.0.1:${textPort}`] }] },
      ],
    };
    const file = join(directory, 'prometheus.json');
    writeFileSync(file, JSON.stringify(config));
    const words = [`--config.file=${file}`, `--storage.tsdb.path=${join(directory, 'data')}`];
    return spawn('prometheus', [...words, `--web.listen-address=127.0.0.1:${port}`], { stdio: 'ignore' });
  }
});

function panelExpressions(): readonly string[] {
  const text = readFileSync(join(projectDirectory, 'deploy/grafana-dashboard.json'), 'utf8');
  const { panels } = JSON.parse(text) as {
    readonly panels: readonly { readonly targets: readonly { readonly expr: string }[] }[];
  };
  return panels.flatMap(({ targets }) => targets.map(({ expr }) => expr.replaceAll('$__rate_interval', '1m')));
}

async function readRules(port: number): Promise<readonly Rule[]> {
  const { data } = await ask<{ readonly groups: readonly { readonly rules: readonly Rule[] }[] }>(port, 'rules');
  return data?.groups.flatMap((group) => group.rules) ?? [];
}

function query(port: number, expression: string) {
  return ask<{ readonly result: readonly unknown[] }>(port, `query?query=${encodeURIComponent(expression)}`);
}

async function ask<Data>(port: number, path: string): Promise<{ readonly status: string; readonly data?: Data }> {
  const response = await fetch(`http://127.0.0.1:${port}/api/v1/${path}`);
  return (await response.json()) as { readonly status: string; readonly data?: Data };
}

/** Asks again and again, for at most half a minute. */
async function until<Value>(find: () => Promise<Value | undefined>): Promise<Value> {
  for (let attempt = 0; attempt < 150; attempt++) {
    const value = await find().catch(() => undefined);
    if (value !== undefined) return value;
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
  throw new Error('Prometheus did not evaluate the rules.');
}
