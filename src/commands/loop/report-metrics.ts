/** The report as metrics for Prometheus: how good each version was by its feedback, and the model on its hold-out. */
import { toText } from '../../telemetry/metrics/exposition';
import { family } from '../../telemetry/metrics/families';
import type { Report } from './report';

export function toMetrics({ card, evaluation, byVersion }: Report): string {
  const measure = card.labels === undefined ? 'error' : 'accuracy';
  const what = card.labels === undefined ? 'Root mean squared error' : 'Accuracy';
  const known = evaluation?.accuracy ?? evaluation?.rootMeanSquaredError;
  const versions = [...byVersion].map(([version, score]) => ({ labels: { version }, ...score }));
  const holdout = known === undefined ? [] : [{ labels: { version: card.version }, value: known }];
  return toText([
    family('gauge', `predict_feedback_${measure}`, `${what} of rows with feedback.`, versions),
    family(
      'gauge',
      'predict_feedback_rows',
      'Captured rows with feedback.',
      versions.map(({ labels, rows }) => ({ labels, value: rows })),
    ),
    family('gauge', `predict_holdout_${measure}`, `${what} of the rows that training did not see.`, holdout),
  ]);
}
