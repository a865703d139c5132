/** Takes captures out of BigQuery's view of the log, with the command `bq`, into files as a server writes them. */
import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, resolve } from 'node:path';
import { UsageError } from '../command-line.cjs';
import { requireDirectory } from '../named-paths';

const form = /^bigquery:([a-z][a-z0-9-]{4,28}[a-z0-9])(?:\.(\w+))?$/;
/** As `npm run deploy -- captures` names it. */
const usualLog = 'onnx_predict_captures_log';
const mostRecords = 500_000;
const mostBytes = 400 * 1024 * 1024;

/** Calls `use` with the directory that the word names, or with one that holds what BigQuery has. */
export async function withCaptures<Result>(
  [source = '']: readonly string[],
  use: (directory: string) => Promise<Result>,
): Promise<Result> {
  if (!source.startsWith('bigquery:')) {
    const directory = resolve(source);
    requireDirectory(directory);
    return use(directory);
  }
  const [, project, log = usualLog] = form.exec(source) ?? [];
  if (project === undefined)
    throw new UsageError(`Expected a directory, or bigquery:PROJECT or bigquery:PROJECT.DATASET, got ${source}.`);
  const directory = mkdtempSync(join(tmpdir(), 'captures-'));
  try {
    const lines = fetchRecords(project, log);
    writeFileSync(join(directory, 'captures-bigquery.ndjson'), lines.join('\n'), { mode: 0o600 });
    return await use(directory);
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function fetchRecords(project: string, log: string): readonly string[] {
  const query = [
    "SELECT TO_JSON_STRING(JSON_QUERY(json_payload, '$.capture')) AS record",
    `FROM \`${project}.${log}._AllLogs\``,
    "WHERE JSON_VALUE(json_payload, '$.capture.id') IS NOT NULL",
    'ORDER BY timestamp, insert_id',
  ].join(' ');
  const words = [`--project_id=${project}`, '--format=json', '--quiet', 'query', '--use_legacy_sql=false'];
  const { stdout, stderr, status, error } = spawnSync('bq', [...words, `--max_rows=${mostRecords}`, query], {
    encoding: 'utf8',
    maxBuffer: mostBytes,
  });
  if (error !== undefined) throw new Error(`bq cannot be used (${error.message}). ${cure}`);
  if (status !== 0) throw new Error(`bq failed: expected exit code 0, got ${status}. ${stderr || stdout}`.trimEnd());
  const rows = JSON.parse(stdout.trim() || '[]') as readonly { readonly record: string }[];
  if (rows.length === mostRecords)
    throw new Error(`BigQuery has ${mostRecords} records or more, which are too many to fetch at once. ${cure}`);
  return rows.map(({ record }) => record);
}

const cure =
  "It comes with https://cloud.google.com/sdk/docs/install. Or export the log's records, one line of JSON each, to a directory of files " +
  '*.ndjson, and name that; for more than a few hundred thousand, ask the views that `npm run deploy -- captures` makes.';
