/** Alerts ask for metrics that there are, under labels that they have, and the dashboard draws their limits. */
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { projectDirectory } from '../processes';
import { measure, readExpression } from './measured';

interface Policy {
  readonly displayName: string;
  readonly conditions: readonly {
    readonly conditionPrometheusQueryLanguage: {
      readonly query: string;
      readonly duration: string;
      readonly alertRule: string;
    };
  }[];
}

const directory = join(projectDirectory, 'deploy/alerts');
const read = <Content>(path: string) => JSON.parse(readFileSync(join(projectDirectory, path), 'utf8')) as Content;
const policies = readdirSync(directory).map((file) => ({ file, policy: read<Policy>(`deploy/alerts/${file}`) }));
const conditions = policies.flatMap(({ file, policy }) =>
  policy.conditions.map(({ conditionPrometheusQueryLanguage: condition }) => ({ file, ...condition })),
);

let measured = { server: '', reports: '' };
beforeAll(async () => {
  measured = await measure();
});

test.each(conditions)('the alert in $file asks for what is measured', ({ file, query }) => {
  const { names, labels } = readExpression(query);
  const text = file === 'feedback.json' ? measured.reports : measured.server;
  expect(names.length).toBeGreaterThan(0);
  for (const name of names) expect(text).toMatch(new RegExp(`^${name}[{ ]`, 'm'));
  for (const label of labels) {
    const carriers = names.filter((name) => new RegExp(`^${name}\\{[^}]*\\b${label}="`, 'm').test(text));
    expect([label, carriers.length > 0]).toEqual([label, true]);
  }
});

test('drift has to last an hour, and rules have names of their own', () => {
  expect(conditions.find(({ file }) => file === 'drift.json')?.duration).toBe('3600s');
  expect(new Set(conditions.map(({ alertRule }) => alertRule)).size).toBe(conditions.length);
});

test.each([
  ['Failures', 'failures.json'],
  ['Request latency', 'latency.json'],
  ['Drift', 'drift.json'],
])('the panel %s draws the limit of %s', (title, file) => {
  const { panels } = read<{
    readonly panels: readonly {
      readonly title: string;
      readonly fieldConfig: { readonly defaults: { readonly thresholds?: { readonly steps: readonly object[] } } };
    }[];
  }>('deploy/grafana-dashboard.json');
  const panel = panels.find((each) => each.title === title);
  const { query = '' } = conditions.find((each) => each.file === file) ?? {};
  const limits = new Set([...query.matchAll(/> ([\d.]+)/g)].map(([, limit]) => Number(limit)));
  expect([...limits]).toHaveLength(1);
  expect(panel?.fieldConfig.defaults.thresholds?.steps.at(-1)).toMatchObject({ value: [...limits][0] });
});

test('the metrics of a report say how good each version was, and how good the hold-out', () => {
  const value = (name: string) =>
    Number(new RegExp(`^${name}\\{version="1"\\} (.*)$`, 'm').exec(measured.reports)?.[1]);
  // Its own labels are what the feedback said.
  expect(value('predict_feedback_accuracy')).toBe(1);
  expect(value('predict_feedback_rows')).toBeGreaterThanOrEqual(600);
  expect(value('predict_holdout_accuracy')).toBeGreaterThan(0.8);
  expect(value('predict_feedback_error')).toBeGreaterThan(value('predict_holdout_error') * 0.8);
  expect(value('predict_feedback_error')).toBeLessThan(value('predict_holdout_error') * 1.2);
});
