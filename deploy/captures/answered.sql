CREATE OR REPLACE VIEW `${dataset}.answered` AS
-- Predictions with what really happened: of several captures with one id the first counts.
WITH joined AS (
  SELECT
    predictions.*,
    JSON_VALUE(prediction, '$.label') AS predicted_label,
    CAST(JSON_VALUE(prediction, ${value}) AS FLOAT64) AS predicted_value,
    feedback.label AS actual_label,
    feedback.value AS actual_value
  FROM `${dataset}.predictions` AS predictions
  JOIN `${dataset}.feedback` AS feedback USING (id, row_number)
  QUALIFY ROW_NUMBER() OVER (PARTITION BY id, row_number ORDER BY asked_at, timestamp, insert_id) = 1
)
SELECT
  *,
  IF(predicted_label = actual_label, 1, 0) AS is_right,
  predicted_value - actual_value AS error
FROM joined;
