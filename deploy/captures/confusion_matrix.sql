CREATE OR REPLACE VIEW `${dataset}.confusion_matrix` AS
-- How often each label was predicted for each actual one.
SELECT version, actual_label, predicted_label, COUNT(*) AS row_count
FROM `${dataset}.answered`
WHERE actual_label IS NOT NULL
GROUP BY version, actual_label, predicted_label;
