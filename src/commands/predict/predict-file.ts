/** Answers the rows of a file into another: part by part, in order, with the handler of the endpoint. */
import { createReadStream, renameSync, rmSync, statSync } from 'node:fs';
import { type FileHandle, open } from 'node:fs/promises';
import { dirname } from 'node:path';
import { readConfig } from '../../config';
import { bodyBytes, type HttpRequest } from '../../http/message';
import { createEvent } from '../../http/request-event';
import { createModel, type Model } from '../../model/model';
import { Problem } from '../../problem';
import { type Coverage, readCoverage, toNumber } from '../../protocols/shared/coverage';
import { type AnswerForm, answerAs } from '../../protocols/shared/tables/answer-form';
import { joinOf } from '../../protocols/shared/tables/joined-answers';
import type { Part, PartOptions } from '../../protocols/shared/tables/part';
import { partsOf } from '../../protocols/shared/tables/parts';
import type { CutterLimits } from '../../protocols/shared/tables/row-cutter';
import { inTurns } from '../../turns';
import { UsageError } from '../command-line.cjs';
import { requireDirectory, requireFile, requireReplaceable } from '../named-paths';
import { createCheckpoint, type Progress } from './checkpoint';
import { type Form, formOf, mediaTypes } from './formats';

export interface PredictOptions {
  readonly input: string;
  readonly output: string;
  readonly model: string;
  /** Adds sets that hold the truth for this share of rows. */
  readonly coverage: string | undefined;
  /** Whether to replace the output, and what an earlier run left. */
  readonly force: boolean;
  /** Called after each part. */
  progressed(rows: number, bytes: number): void;
}

const pieceBytes = 1024 * 1024;
const noBody = Buffer.alloc(0);
/** A longer row has a quote that is never closed, or is no row; a record batch has many. */
const lineLimits: CutterLimits = { rows: 10_000, bytes: 64 * 1024 * 1024, longest: 64 * 1024 * 1024 };
const partLimits: Readonly<Record<Form, CutterLimits>> = {
  csv: lineLimits,
  lines: lineLimits,
  arrow: { ...lineLimits, longest: 1024 * 1024 * 1024 },
};
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
  coverage: share,
  force,
  progressed,
}: PredictOptions): Promise<number> {
  const [from, to] = [formOf(input), formOf(output)];
  const source = requireFile(input);
  const known = statSync(output, { throwIfNoEntry: false });
  // By whatever names and links: answers would take the place of their rows.
  if (known?.ino === source.ino && known.dev === source.dev)
    throw new UsageError(`${output} is the file of the rows: expected another one for the answers.`);
  requireReplaceable(output, force);
  requireDirectory(dirname(output));
  const model = createModel({ ...readConfig(), ...limits, modelDirectory: directory });
  const coverage = share === undefined ? undefined : readShare(model, share);
  await model.load();
  const unfinished = `${output}.part`;
  const { name, weights } = model.card;
  const checkpoint = createCheckpoint(output, input, { model: `${name} ${weights.sha256}`, coverage: share });
  if (force) checkpoint.remove();
  const done = whatIsThere(unfinished, checkpoint.read());
  const file = await open(unfinished, done.bytes > 0 ? 'r+' : 'w+');
  try {
    await file.truncate(done.bytes);
    const rows = await answerParts({
      model,
      coverage,
      file,
      from,
      to,
      done,
      progressed,
      write: checkpoint.write,
      input,
    });
    await file.datasync();
    await file.close();
    renameSync(unfinished, output);
    checkpoint.remove();
    return rows;
  } catch (failure) {
    // Without a checkpoint no later run goes on with it.
    if (!checkpoint.isThere()) rmSync(unfinished, { force: true });
    throw failure;
  } finally {
    await file.close().catch(() => undefined);
    await model.release();
  }
}

/** A bucket keeps no part of a file: what an earlier run wrote may be gone, though it said how far it was. */
function whatIsThere(unfinished: string, said: Progress): Progress {
  const { size = 0 } = statSync(unfinished, { throwIfNoEntry: false }) ?? {};
  return size >= said.bytes ? said : { rows: 0, bytes: 0 };
}

function readShare(model: Model, share: string): Coverage {
  try {
    return readCoverage(model, toNumber(share), '', '--coverage: ');
  } catch (problem) {
    throw problem instanceof Problem ? new UsageError(problem.message) : problem;
  }
}

interface Answering extends Pick<PredictOptions, 'input' | 'progressed'> {
  readonly model: Model;
  readonly coverage: Coverage | undefined;
  readonly file: FileHandle;
  readonly from: Form;
  readonly to: Form;
  readonly done: Progress;
  write(progress: Progress): void;
}

async function answerParts(answering: Answering): Promise<number> {
  const { model, coverage, file, from, to, done, progressed, write, input } = answering;
  const form: AnswerForm = { kind: to, hasHeader: false, coverage };
  const { next, end } = joinOf(form);
  let rows = 0;
  let { bytes } = done;
  let savedAt = performance.now();
  try {
    for await (const part of partsOf(model, createReadStream(input, { highWaterMark: pieceBytes }), optionsOf(from))) {
      if (rows + part.rows > done.rows) {
        const isFirst = bytes === 0;
        const piece = next(await answerPart(model, part, { ...form, hasHeader: isFirst }), isFirst);
        await file.write(piece, 0, piece.length, bytes);
        bytes += piece.length;
        progressed(rows + part.rows, part.end);
      }
      rows += part.rows;
      if (rows <= done.rows || performance.now() - savedAt < checkpointMs) continue;
      await file.datasync();
      write({ rows, bytes });
      savedAt = performance.now();
    }
  } catch (failure) {
    throw failure instanceof Problem ? new Error(describeProblem(failure, input, rows)) : failure;
  }
  if (bytes > 0) await file.write(end, 0, end.length, bytes);
  return rows;
}

function optionsOf(form: Form): PartOptions {
  return { contentType: mediaTypes[form], limits: partLimits[form], isPatient: true, kept: () => undefined };
}

async function answerPart(model: Model, part: Part, form: AnswerForm): Promise<Buffer> {
  const instances = await inTurns(part.read());
  const request: HttpRequest = {
    method: 'POST',
    path: '/predict',
    headers: {},
    body: noBody,
    isGone: () => false,
    event: createEvent(),
  };
  return bodyBytes((await answerAs(form, model, { instances, pointer: '' }, request)).body);
}

/** A row by its place in the file, from 1 on. `first` is the number of rows before the part. */
function describeProblem({ message, errors }: Problem, input: string, first: number): string {
  const [fault] = errors ?? [];
  const [, row, ...names] = fault?.pointer.split('/') ?? [];
  if (fault === undefined || row === undefined || !/^\d+$/.test(row))
    return `${input}, from row ${first + 1} on: ${message}`;
  const place = names.length > 0 ? `, ${names.join('/')}` : '';
  return `${input}, row ${first + Number(row) + 1}${place}: ${fault.detail}.`;
}
