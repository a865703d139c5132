/** Drift as metric families. */
import { type Family, family } from '../metrics/families';
import type { DriftReadings } from './drift-readings';

/** Values without enough rows are left out: a gauge cannot say "unknown". */
export function driftFamilies({ rows, outside, features, values, labels }: DriftReadings): Family[] {
  const ofFeatures = (member: 'psi' | 'outside') =>
    features.flatMap(({ name, [member]: value }) => (value === null ? [] : [{ labels: { feature: name }, value }]));
  const ofValues = (member: 'psi' | 'outside') =>
    (values ?? []).flatMap(({ name, [member]: value }) => (value === null ? [] : [{ labels: { value: name }, value }]));
  const alone = (value: number | null = null) => (value === null ? [] : [{ value }]);
  return [
    family('gauge', 'predict_drift_rows', 'Rows used to measure drift.', [{ value: rows }]),
    family('gauge', 'predict_feature_psi', 'Population stability index against the training data.', ofFeatures('psi')),
    family(
      'gauge',
      'predict_feature_outside_ratio',
      'Share of rows outside the training range.',
      ofFeatures('outside'),
    ),
    family('gauge', 'predict_outside_ratio', 'Share of rows with any feature outside its range.', alone(outside)),
    family('gauge', 'predict_label_psi', 'Population stability index of the predicted labels.', alone(labels?.psi)),
    ...(values === undefined
      ? []
      : [
          family('gauge', 'predict_value_psi', 'Population stability index of the returned values.', ofValues('psi')),
          family(
            'gauge',
            'predict_value_outside_ratio',
            'Share of returned values outside the range in training.',
            ofValues('outside'),
          ),
        ]),
  ];
}
