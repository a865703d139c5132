CREATE OR REPLACE VIEW `${dataset}.feedback` AS
-- What really happened: of several feedbacks for a row the last counts.
WITH told AS (
  SELECT
    JSON_VALUE(json_payload, '$.capture.id') AS id,
    CAST(JSON_VALUE(json_payload, '$.capture.row') AS INT64) AS row_number,
    CAST(JSON_VALUE(json_payload, '$.capture.time') AS TIMESTAMP) AS told_at,
    timestamp,
    insert_id,
    JSON_VALUE(json_payload, '$.capture.feedback.label') AS label,
    CAST(JSON_VALUE(json_payload, '$.capture.feedback.value') AS FLOAT64) AS value
  FROM `${logs}._AllLogs`
  WHERE JSON_VALUE(json_payload, '$.capture.model') = ${model} AND JSON_QUERY(json_payload, '$.capture.feedback') IS NOT NULL
)
SELECT id, row_number, told_at, label, value
FROM told
QUALIFY ROW_NUMBER() OVER (PARTITION BY id, row_number ORDER BY told_at DESC, timestamp DESC, insert_id DESC) = 1;
