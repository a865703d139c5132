/** Computes explanations: runs every coalition against the background, a few per run. */
import type { Job, JobEvent } from '../../model/batching/job';
import { type Outputs, predict } from '../../model/batching/predict';
import type { Card, OutputSpec } from '../../model/card/card';
import type { Model } from '../../model/model';
import { findExplained } from '../../model/predictions/tasks';
import { datatypes } from '../../model/tensors/datatypes';
import { rowWidth, type TensorData, type Tensors } from '../../model/tensors/tensors';
import { Problem } from '../../problem';
import type { Coalitions } from './coalitions';
import { createMix } from './mixed-rows';

/** One explained number: its mean over the background, its prediction, and the contribution of each feature. */
export interface Explanation {
  readonly base: number;
  readonly prediction: number;
  readonly shares: Float64Array;
}

export interface Explaining extends Pick<Job, 'isGone'> {
  readonly instances: Tensors;
  readonly background: Tensors;
  readonly coalitions: Coalitions;
  readonly event: JobEvent;
}

type Explorer = Pick<Model, 'card' | 'explore' | 'limits'>;

/** Explains each instance: one explanation per probability, or one for the value. */
export async function computeExplanations(
  { card, explore, limits }: Explorer,
  { instances, background, coalitions, event, isGone }: Explaining,
): Promise<Explanation[][]> {
  const pieces = instances.rows * coalitions.count;
  const piecesPerRun = Math.max(1, Math.floor(limits.maxBatchRows / background.rows));
  const mix = createMix(card, background, coalitions);
  const { output, width, toNumber } = explainedOutput(card);
  // Sums of the outputs of each piece: `width` numbers per piece.
  const sums = new Float64Array(pieces * width);
  const expiresAt = performance.now() + limits.requestTimeoutMs;
  const note = createNotes(event, instances.rows);

  for (let from = 0; from < pieces; from += piecesPerRun) {
    if (performance.now() > expiresAt) throw expired(limits.requestTimeoutMs);
    const noted: JobEvent = { rows: 0, queuedAt: 0, runAt: 0, modelMs: 0 };
    const rows = mix(instances, from, Math.min(from + piecesPerRun, pieces));
    const outputs = await predict(explore, rows, { isGone, event: noted }).finally(() => note(noted));
    addUp(outputs, from * background.rows);
  }
  return toExplanations();

  function addUp(outputs: Outputs, firstRow: number): void {
    let row = firstRow;
    for (const { tensors, from, to } of outputs) {
      const data = tensors.data[output] as TensorData;
      for (let at = from; at < to; at++, row++) {
        const piece = Math.floor(row / background.rows);
        for (let i = 0; i < width; i++) add(piece * width + i, toNumber(data[at * width + i]));
      }
    }
  }

  function add(at: number, value: number): void {
    sums[at] = (sums[at] as number) + value;
  }

  function toExplanations(): Explanation[][] {
    return Array.from({ length: instances.rows }, (_, instance) =>
      Array.from({ length: width }, (_output, i) => toExplanation(instance * coalitions.count, i)),
    );
  }

  function toExplanation(firstPiece: number, i: number): Explanation {
    const worths = new Float64Array(coalitions.count);
    for (let c = 0; c < worths.length; c++)
      worths[c] = (sums[(firstPiece + c) * width + i] as number) / background.rows;
    return { base: worths[0] as number, prediction: worths.at(-1) as number, shares: coalitions.toShares(worths) };
  }
}

/** The explained output, with `width` numbers per row. The caller has checked that it exists. */
function explainedOutput(card: Card) {
  const spec = findExplained(card) as OutputSpec;
  const output = card.outputs.indexOf(spec);
  // Rounded as in predictions, so that an explanation matches the numbers callers get.
  return { output, width: rowWidth(spec), toNumber: datatypes[spec.datatype].toNumber };
}

/** Merges the runs of a request into its event: the wait before the first run, and the caller's own rows. */
function createNotes(event: JobEvent, rows: number): (run: JobEvent) => void {
  return ({ queuedAt, runAt, modelMs }) => {
    if (event.runAt === 0) Object.assign(event, { rows, queuedAt, runAt });
    event.modelMs += modelMs;
  };
}

function expired(requestTimeoutMs: number): Problem {
  const detail = `The explanations took longer than ${requestTimeoutMs} ms. Send fewer instances.`;
  return new Problem('deadline-exceeded', detail, { retryAfterSeconds: 1 });
}
