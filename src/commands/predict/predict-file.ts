/** Answers the rows of a file into another: part by part, in order, with the handler of the endpoint. */
import { existsSync, renameSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { endOfStream, toContinued } from '../../arrow/messages';
import { readConfig } from '../../config';
import { bodyBytes, type HttpRequest } from '../../http/message';
import { createEvent } from '../../http/request-event';
import { createModel, type Model } from '../../model/model';
import { Problem } from '../../problem';
import { answerBody } from '../../protocols/shared/tables/table-bodies';
import { createCheckpoint, type Progress } from './checkpoint';
import { readCsvHeader } from './csv-header';
import { type Form, formOf, mediaTypes } from './formats';
import { type Part, partsOf } from './parts';

export interface PredictOptions {
  readonly input: string;
  readonly output: string;
  readonly model: string;
  /** Whether to replace the output, and what an earlier run left. */
  readonly force: boolean;
  /** Called after each part. */
  progressed(rows: number, bytes: number): void;
}

/** Answers are as safe on disk as this is long ago. */
const checkpointMs = 2_000;
/** Limits are for callers that others wait behind. */
const limits = {
  maxRequestRows: 10_000_000,
  maxQueuedRows: 10_000_000,
  maxQueuedBytes: Number.POSITIVE_INFINITY,
  maxReplyBytes: 1024 * 1024 * 1024,
};

/** Returns the number of rows. Rejects with an error that names the row of the file. */
export async function predictFile({
  input,
  output,
  model: directory,
  force,
  progressed,
}: PredictOptions): Promise<number> {
  const [from, to] = [formOf(input), formOf(output)];
  if (!existsSync(input)) throw new Error(`${input} is missing: expected a file with rows.`);
  if (existsSync(output) && !force) throw new Error(`${output} exists; use --force to replace it.`);
  const model = createModel({ ...readConfig(), ...limits, modelDirectory: directory });
  await model.load();
  const unfinished = `${output}.part`;
  const checkpoint = createCheckpoint(output, input, `${model.card.name} ${model.card.weights.sha256}`);
  if (force) checkpoint.remove();
  const done = checkpoint.read();
  const file = await open(unfinished, existsSync(unfinished) ? 'r+' : 'w+');
  try {
    await file.truncate(done.bytes);
    const rows = await answerParts({ model, file, from, to, done, progressed, write: checkpoint.write, input });
    await file.datasync();
    await file.close();
    renameSync(unfinished, output);
    checkpoint.remove();
    return rows;
  } finally {
    await file.close().catch(() => undefined);
    await model.release();
  }
}

interface Answering extends Pick<PredictOptions, 'input' | 'progressed'> {
  readonly model: Model;
  readonly file: FileHandle;
  readonly from: Form;
  readonly to: Form;
  readonly done: Progress;
  write(progress: Progress): void;
}

async function answerParts(answering: Answering): Promise<number> {
  const { model, file, from, to, done, progressed, write, input } = answering;
  const header = from === 'csv' ? readCsvHeader(input, model) : Buffer.alloc(0);
  const source = { type: typeOf(from, header), header, input };
  let rows = 0;
  let { bytes } = done;
  let savedAt = performance.now();
  for await (const part of partsOf(input, from, header.length)) {
    const first = rows;
    rows += part.rows;
    if (rows <= done.rows) continue;
    const answer = await answerPart(model, part, { ...source, first, accept: acceptOf(to, bytes === 0) });
    const piece = to === 'arrow' ? toContinued(answer, bytes === 0) : answer;
    await file.write(piece, 0, piece.length, bytes);
    bytes += piece.length;
    progressed(rows, part.end);
    if (performance.now() - savedAt < checkpointMs) continue;
    await file.datasync();
    write({ rows, bytes });
    savedAt = performance.now();
  }
  if (to === 'arrow' && bytes > 0) await file.write(endOfStream, 0, endOfStream.length, bytes);
  return rows;
}

function typeOf(form: Form, header: Buffer): string {
  return form === 'csv' ? `${mediaTypes.csv}; header=${header.length > 0 ? 'present' : 'absent'}` : mediaTypes[form];
}

/** Names come once. */
function acceptOf(form: Form, isFirst: boolean): string {
  return form === 'csv' ? `${mediaTypes.csv}; header=${isFirst ? 'present' : 'absent'}` : mediaTypes[form];
}

interface Source {
  readonly type: string;
  readonly header: Buffer;
  readonly input: string;
  /** Rows of the file before the part. */
  readonly first: number;
  readonly accept: string;
}

async function answerPart(model: Model, { body }: Part, source: Source): Promise<Buffer> {
  const { type, header, accept } = source;
  const request: HttpRequest = {
    method: 'POST',
    path: '/predict',
    headers: { 'content-type': type, accept },
    body: header.length > 0 ? Buffer.concat([header, body]) : body,
    isGone: () => false,
    event: createEvent(),
  };
  try {
    return bodyBytes((await answerBody(model, request, 'table')).body);
  } catch (failure) {
    throw failure instanceof Problem ? new Error(describeProblem(failure, source)) : failure;
  }
}

/** A row by its place in the file, from 1 on. */
function describeProblem({ message, errors }: Problem, { input, first }: Source): string {
  const [fault] = errors ?? [];
  const [, row, ...names] = fault?.pointer.split('/') ?? [];
  if (fault === undefined || row === undefined || !/^\d+$/.test(row))
    return `${input}, from row ${first + 1} on: ${message}`;
  const place = names.length > 0 ? `, ${names.join('/')}` : '';
  return `${input}, row ${first + Number(row) + 1}${place}: ${fault.detail}.`;
}
