/** Writes a table as a Parquet file, in groups of rows that fit into memory. */
import type { FileHandle } from 'node:fs/promises';
import type { Column } from './table-columns';

/** Characters of texts, and 8 bytes for each other value, that a group of rows holds. */
const usualGroup = 16 * 1024 * 1024;
const valueBytes = 8;

export interface ParquetFile {
  /** Takes the values of a row, in the order of the columns. */
  add(values: readonly unknown[]): void | Promise<void>;
  /** Writes what is left, and the end of the file. */
  finish(): Promise<void>;
}

export async function createParquetFile(file: FileHandle, columns: readonly Column[]): Promise<ParquetFile> {
  // For this command only, and an ES module.
  const { ByteWriter, ParquetWriter } = await import('hyparquet-writer');
  const bytes = new ByteWriter();
  const schema = [
    { name: 'root', num_children: columns.length },
    ...columns.flatMap(({ name, type }) => type.elements(name)),
  ];
  const writer = new ParquetWriter({ writer: Object.assign(bytes, { flush, finish: flush }), schema });
  let group = createGroup();
  let groupBytes = 0;

  async function flush(): Promise<void> {
    await file.appendFile(bytes.getBytes());
    bytes.index = 0;
  }

  function createGroup() {
    return columns.map(({ name }) => ({ name, data: [] as unknown[] }));
  }

  function add(values: readonly unknown[]): void | Promise<void> {
    for (const [i, { data }] of group.entries()) {
      data.push(values[i]);
      groupBytes += weigh(values[i]);
    }
    if (groupBytes >= usualGroup) return writeGroup();
  }

  async function writeGroup(): Promise<void> {
    const columnData = group;
    group = createGroup();
    groupBytes = 0;
    await writer.write({ columnData, rowGroupSize: Number.MAX_SAFE_INTEGER });
  }

  async function finish(): Promise<void> {
    await writeGroup();
    await writer.finish();
  }

  return { add, finish };
}

function weigh(value: unknown): number {
  if (typeof value === 'string') return valueBytes + value.length;
  return Array.isArray(value) ? value.reduce<number>((sum, each) => sum + weigh(each), valueBytes) : valueBytes;
}
