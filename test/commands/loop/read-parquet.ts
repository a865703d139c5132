/** Reads a Parquet file with hyparquet, in a process: Jest takes no ES modules. */
import { execFileSync } from 'node:child_process';
import { projectDirectory } from '../../processes';

const program = `
  import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
  const file = await asyncBufferFromFile(process.argv[1]);
  const { row_groups: groups } = await parquetMetadataAsync(file);
  const rows = await parquetReadObjects({ file });
  const toNumber = (_, value) => (typeof value === 'bigint' ? Number(value) : value);
  process.stdout.write(JSON.stringify({ groups: groups.length, rows }, toNumber));`;

export interface ReadTable {
  readonly groups: number;
  readonly rows: readonly Readonly<Record<string, unknown>>[];
}

export function readParquet(path: string): ReadTable {
  const text = execFileSync(process.execPath, ['--input-type=module', '--eval', program, path], {
    cwd: projectDirectory,
    maxBuffer: 256 * 1024 * 1024,
  });
  return JSON.parse(text.toString()) as ReadTable;
}
