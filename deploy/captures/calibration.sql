CREATE OR REPLACE VIEW `${dataset}.calibration` AS
-- What the model says of its label beside how often that is right, by tenths of the probability.
WITH sure AS (
  SELECT
    version,
    is_right,
    (SELECT MAX(CAST(share AS FLOAT64)) FROM UNNEST(${probabilities}) AS share) AS probability
  FROM `${dataset}.answered`
)
SELECT
  version,
  LEAST(CAST(FLOOR(probability * 10) AS INT64), 9) / 10 AS from_probability,
  COUNT(*) AS row_count,
  AVG(probability) AS mean_probability,
  AVG(is_right) AS accuracy
FROM sure
WHERE probability IS NOT NULL
GROUP BY version, from_probability;
