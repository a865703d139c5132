/** Opens what settings name: lines of the log or of files, and tables of the models that have columns. */
import { accessSync, constants, existsSync, mkdirSync, opendirSync } from 'node:fs';
import { dirname } from 'node:path';
import type { CaptureSettings } from '../capture-settings';
import type { Model } from '../model/model';
import { createCaptureFiles } from './capture-files';
import { createFileSink } from './file-sink';
import { createLogSink } from './log-sink';
import { createRecorder, type Recorder } from './records';
import { createRowRecorder } from './row-recorder';
import type { Sink } from './sink';
import { createTable, type Table } from './table';
import { createTableRecorder } from './table-recorder';

export interface ModelRecorder {
  readonly record: Recorder;
  /** For a row that is all of its request, where that costs less than to keep it. */
  readonly recordAlone?: Recorder;
}

export interface OpenSink {
  readonly sink: Sink;
  readonly recorders: ReadonlyMap<Model, ModelRecorder>;
}

export function openSink({ directory, format, maxBytes }: CaptureSettings, models: readonly Model[]): OpenSink {
  if (directory === undefined) return toLog(models);
  openDirectory(directory);
  const tables = format === 'arrow' ? createTables(models) : new Map<Model, Table>();
  const kinds = 1 + tables.size;
  const openFiles = (extension: 'ndjson' | 'arrows', head?: Buffer) =>
    createCaptureFiles(directory, maxBytes, { extension, head, kinds });
  const outlets = [...tables.values()].map((pending) => ({ pending, files: openFiles('arrows', pending.schema) }));
  const sink = createFileSink(directory, openFiles('ndjson'), outlets);
  const recorderOf = (model: Model): ModelRecorder => {
    const table = tables.get(model);
    if (table !== undefined) {
      const record = createTableRecorder(table, sink);
      return { record, recordAlone: record };
    }
    const [record, rows] = [createRecorder(model.card, sink), sink.holdRows(model.card)];
    return rows === undefined ? { record } : { record, recordAlone: createRowRecorder(rows, sink) };
  };
  return { sink, recorders: new Map(models.map((model) => [model, recorderOf(model)])) };
}

/** Throws an error that names the variable if there can be no files in the directory. */
function openDirectory(directory: string): void {
  try {
    makeDirectory(directory);
    opendirSync(directory).closeSync();
    accessSync(directory, constants.W_OK | constants.X_OK);
  } catch (cause) {
    const { message } = cause as Error;
    throw new Error(
      `CAPTURE_TO is ${JSON.stringify(directory)}: expected "log", or a directory to read and write, got ${message}.`,
      { cause },
    );
  }
}

/** Node's own `recursive` tries for ever where a file system makes no directories, such as below /proc. */
function makeDirectory(path: string): void {
  if (existsSync(path)) return;
  makeDirectory(dirname(path));
  try {
    mkdirSync(path);
  } catch (failure) {
    // Another server may have made it.
    if ((failure as NodeJS.ErrnoException).code !== 'EEXIST') throw failure;
  }
}

function toLog(models: readonly Model[]): OpenSink {
  const sink = createLogSink();
  const recorderOf = ({ card }: Model) => ({ record: createRecorder(card, sink) });
  return { sink, recorders: new Map(models.map((model) => [model, recorderOf(model)])) };
}

function createTables(models: readonly Model[]): Map<Model, Table> {
  const tables = models.map((model) => [model, createTable(model)] as const);
  return new Map(tables.filter((entry): entry is [Model, Table] => entry[1] !== undefined));
}
