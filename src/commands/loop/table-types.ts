/** The types of a table's columns: their values in JSON, and what Parquet calls them. */
import type { SchemaElement } from 'hyparquet';
import type { Kind } from '../../model/tensors/elements';

/** A value of a table, null where there is none. Undefined for a JSON value of another type. */
export type ReadValue = (value: unknown) => unknown;

export interface ColumnType {
  readonly read: ReadValue;
  /** In Parquet's order, depth first. */
  elements(name: string): SchemaElement[];
}

const least = -(2n ** 63n);
const largest = 2n ** 63n - 1n;

/** For readers that take what has only the older name for a local time. */
const inUtc = { type: 'TIMESTAMP', isAdjustedToUTC: true, unit: 'MILLIS' } as const;

/** Numbers are doubles whatever the tensor holds: so they read as they stand in the JSON. */
export const types: Readonly<Record<Kind | 'time', ColumnType>> = {
  number: leaf({ type: 'DOUBLE' }, (value) => {
    const number = typeof value === 'bigint' ? Number(value) : value;
    return Number.isFinite(number) ? number : undefined;
  }),
  integer: leaf({ type: 'INT64' }, (value) => {
    const integer = Number.isSafeInteger(value) ? BigInt(value as number) : value;
    return typeof integer === 'bigint' && integer >= least && integer <= largest ? integer : undefined;
  }),
  boolean: leaf({ type: 'BOOLEAN' }, (value) => (typeof value === 'boolean' ? value : undefined)),
  text: leaf({ type: 'BYTE_ARRAY', converted_type: 'UTF8' }, (value) =>
    typeof value === 'string' ? value : undefined,
  ),
  time: leaf({ type: 'INT64', converted_type: 'TIMESTAMP_MILLIS', logical_type: inUtc }, (value) => {
    const time = new Date(typeof value === 'string' ? value : Number.NaN);
    return Number.isNaN(time.getTime()) ? undefined : time;
  }),
};

function leaf(element: Partial<SchemaElement>, read: ReadValue): ColumnType {
  return {
    read: (value) => (value === null || value === undefined ? null : read(value)),
    elements: (name) => [{ name, repetition_type: 'OPTIONAL', ...element }],
  };
}

/** Lists within lists, so many levels around `type`. */
export function listsOf(type: ColumnType, levels: number): ColumnType {
  return levels === 0 ? type : listOf(listsOf(type, levels - 1));
}

function listOf({ read, elements }: ColumnType): ColumnType {
  return {
    read(value) {
      if (value === null || value === undefined) return null;
      if (!Array.isArray(value)) return undefined;
      const values = value.map(read);
      return values.includes(undefined) ? undefined : values;
    },
    elements: (name) => [
      { name, repetition_type: 'OPTIONAL', converted_type: 'LIST', num_children: 1 },
      { name: 'list', repetition_type: 'REPEATED', num_children: 1 },
      ...elements('element'),
    ],
  };
}
