CREATE OR REPLACE VIEW `${dataset}.features` AS
-- How good the model is in each bin of a feature: the bins are those of the training data, up to and including their edge.
WITH valued AS (
  SELECT
    answered.version,
    answered.is_right,
    answered.error,
    feature.name AS feature,
    feature.value AS value,
    (SELECT MIN(edge) FROM UNNEST(feature.edges) AS edge WHERE feature.value <= edge) AS up_to
  FROM `${dataset}.answered` AS answered, UNNEST(${features}) AS feature
)
SELECT
  version,
  feature,
  up_to,
  COUNT(*) AS row_count,
  AVG(is_right) AS right_share,
  SQRT(AVG(error * error)) AS root_mean_squared_error
FROM valued
WHERE value IS NOT NULL
GROUP BY version, feature, up_to;
