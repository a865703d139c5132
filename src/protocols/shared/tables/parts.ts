/** Cuts a table that arrives in pieces into parts of whole rows, so that memory does not grow with it. */
import type { Model } from '../../../model/model';
import type { Work } from '../../../turns';
import { createCsvReader } from './csv';
import { parseLines } from './json-lines';
import type { Part, PartOptions, Pieces } from './part';
import { RowCutter } from './row-cutter';
import { isArrow, isCsv } from './table-types';

// Loaded for Arrow alone.
const loadArrowParts = () => require('./arrow-parts') as typeof import('./arrow-parts');

/** Throws the problems of what is no table of the model; those of its rows come when a part is read. */
export function partsOf(model: Model, pieces: Pieces, options: PartOptions): AsyncGenerator<Part> {
  const { contentType } = options;
  if (isArrow.test(contentType)) return loadArrowParts().arrowParts(model, pieces, options);
  return isCsv.test(contentType) ? csvParts(model, pieces, options) : lineParts(model, pieces, options);
}

async function* lineParts(model: Model, pieces: Pieces, options: PartOptions): AsyncGenerator<Part> {
  const cutter = new RowCutter(false, options.limits);
  for await (const piece of pieces) {
    cutter.append(piece);
    yield* cut(cutter, options, (body) => parseLines(model, body));
  }
  yield* cutRest(cutter, (body) => parseLines(model, body));
}

async function* csvParts(model: Model, pieces: Pieces, options: PartOptions): AsyncGenerator<Part> {
  const cutter = new RowCutter(true, options.limits);
  const csv = createCsvReader(model, options.contentType);
  let hasBegun = false;

  function begin(record: Buffer | undefined): void {
    if (record === undefined) return;
    if (csv.begin(record)) cutter.dropRow();
    hasBegun = true;
  }

  for await (const piece of pieces) {
    cutter.append(piece);
    if (!hasBegun) begin(cutter.peekRow());
    if (hasBegun) yield* cut(cutter, options, csv.read);
    else options.kept(cutter.keptBytes);
  }
  if (!hasBegun) begin(cutter.peekRest());
  yield* cutRest(cutter, csv.read);
}

type Read = (body: Buffer) => Work<unknown>;

function* cut(cutter: RowCutter, { isPatient, kept }: PartOptions, read: Read): Generator<Part> {
  for (;;) {
    const part = isPatient ? cutter.takeFull() : cutter.takeWhole();
    if (part === undefined) break;
    if (part.rows > 0) yield toPart(part.body, part.rows, cutter, read);
  }
  kept(cutter.keptBytes);
}

function* cutRest(cutter: RowCutter, read: Read): Generator<Part> {
  const { body, rows } = cutter.takeRest();
  if (rows > 0) yield toPart(body, rows, cutter, read);
}

function toPart(body: Buffer, rows: number, { takenBytes: end }: RowCutter, read: Read): Part {
  return { rows, bytes: body.length, end, read: () => read(body) };
}
