CREATE OR REPLACE VIEW `${dataset}.quality` AS
-- How good the model is for callers, by version and day; of a regressor, the two errors.
SELECT
  version,
  day,
  COUNT(*) AS row_count,
  IF(COUNT(actual_label) > 0, AVG(is_right), NULL) AS accuracy,
  SQRT(AVG(error * error)) AS root_mean_squared_error,
  AVG(ABS(error)) AS mean_absolute_error
FROM `${dataset}.answered`
GROUP BY version, day;
