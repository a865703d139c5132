/** What dashboards and alerts can read: the metrics of a server that has served, failed and drifted, and those of reports. */

import { join } from 'node:path';
import { createReport } from '../../src/commands/loop/report';
import { toMetrics } from '../../src/commands/loop/report-metrics';
import { makeDirectory } from '../capture/captured';
import { startHost } from '../hosts';
import { modelDirectory, samples } from '../model-files';
import { projectDirectory } from '../processes';
import { readTested } from '../served-coverage';

const diabetes = join(projectDirectory, 'test/fixtures/models/diabetes');

/** Texts in the format of Prometheus: of a classifier, of a regressor, and of the reports on both. */
export async function measure(): Promise<Record<'server' | 'regressor' | 'reports', string>> {
  const flowers = samples.map(({ instance, prediction }) => ({ instance, label: prediction.label }));
  // Drift is measured from some hundred rows on.
  const repeat = (rows: readonly Told[]) => Array.from({ length: 4 }, () => rows).flat();
  const first = await serve(modelDirectory, repeat(flowers));
  const second = await serve(diabetes, repeat(readTested(diabetes)));
  return { server: first.server, regressor: second.server, reports: first.report + second.report };
}

interface Told {
  readonly instance: readonly unknown[];
  readonly label?: string;
  readonly value?: number;
}

/** Predicts rows and tells the truth of each. */
async function serve(directory: string, rows: readonly Told[]) {
  const captures = makeDirectory();
  const host = await startHost('in process', {
    env: { MODEL_DIR: directory, CAPTURE: 'all', CAPTURE_TO: captures.directory },
  });
  const { models } = (await host.request('GET', '/v1/models')).json as { readonly models: readonly string[] };
  const headers = { 'content-type': 'application/json', 'prediction-id': 'all' };
  const body = JSON.stringify({ instances: rows.map(({ instance }) => instance) });
  await host.request('POST', '/predict', { headers, body });
  await host.post(`/v1/models/${models[0]}:feedback`, {
    feedback: rows.map(({ instance: _, ...truth }, row) => ({ id: 'all', row, ...truth })),
  });
  await host.post('/predict', {});
  // Lag is measured between two scrapes.
  await host.request('GET', '/metrics');
  const server = (await host.request('GET', '/metrics')).text;
  await host.stop();
  const report = toMetrics(await createReport(captures.directory, directory));
  captures.remove();
  return { server, report };
}

/** Names of metrics in an expression, and the labels that it reads. */
export function readExpression(expression: string) {
  const names = expression.match(/\b(predict|process|nodejs)_\w+/g) ?? [];
  const matched = [...expression.matchAll(/(\w+)(=~|!~|!=|=)"/g)].map(([, label = '']) => label);
  const grouped = [...expression.matchAll(/\bby \(([^)]*)\)/g)].flatMap(([, list = '']) => list.split(/,\s*/));
  return { names, labels: [...new Set([...matched, ...grouped])] };
}
