CREATE OR REPLACE VIEW `${dataset}.predictions` AS
-- One row for each row that was predicted, as the server wrote it into its log.
WITH records AS (
  SELECT
    JSON_QUERY(json_payload, '$.capture') AS record,
    JSON_QUERY_ARRAY(json_payload, '$.capture.instances') AS instances,
    timestamp,
    insert_id
  FROM `${logs}._AllLogs`
  WHERE JSON_VALUE(json_payload, '$.capture.model') = ${model} AND JSON_QUERY(json_payload, '$.capture.predictions') IS NOT NULL
)
SELECT
  JSON_VALUE(record, '$.id') AS id,
  IFNULL(CAST(JSON_VALUE(record, '$.firstRow') AS INT64), 0) + place AS row_number,
  CAST(JSON_VALUE(record, '$.time') AS TIMESTAMP) AS asked_at,
  CAST(SUBSTR(JSON_VALUE(record, '$.time'), 1, 10) AS DATE) AS day,
  JSON_VALUE(record, '$.version') AS version,
  instances[ORDINAL(place + 1)] AS instance,
  JSON_QUERY_ARRAY(record, '$.predictions')[ORDINAL(place + 1)] AS prediction,
  EXISTS(
    SELECT 1
    FROM UNNEST(JSON_QUERY_ARRAY(record, '$.outside')) AS outsider
    WHERE CAST(JSON_VALUE(outsider, '$.row') AS INT64) = place
  ) AS is_outside,
  timestamp,
  insert_id
FROM records, UNNEST(GENERATE_ARRAY(0, ARRAY_LENGTH(instances) - 1)) AS place;
