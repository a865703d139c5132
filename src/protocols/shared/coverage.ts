/** The coverage that a request asks for: the share of rows whose label set or interval is to hold the truth. */
import type { Outputs } from '../../model/batching/predict';
import { describeValue } from '../../model/instances/faults';
import type { Model } from '../../model/model';
import type { PredictionWriter } from '../../model/predictions/prediction';
import { createPredictionSet, type PredictionSet } from '../../model/predictions/prediction-set';
import { findErrors, greatestCoverage } from '../../model/predictions/uncertainty';
import type { RowSpan } from '../../model/tensors/tensors';
import { describeDrifted } from '../../telemetry/drift/drifted';
import { driftOf } from '../../telemetry/version-counts';
import type { Work } from '../../turns';
import { isMembers } from './envelope';
import { invalid } from './faults';

export interface Coverage {
  readonly requested: number;
  /** Number of the rows whose errors are known. */
  readonly rows: number;
  readonly set: PredictionSet;
  /** Why the coverage may be less than requested. */
  readonly warning: string | undefined;
  /** What the sets are worth, as text: a member of an answer. */
  readonly member: string;
  /** Adds the set to a prediction, which is an object. */
  addTo(write: PredictionWriter): PredictionWriter;
  /** The sets of all rows, in tensors of their own. */
  toTensors(outputs: Outputs): Work<Outputs>;
}

/** The coverage in an object of parameters; clients that serialize a whole schema send null for absent members. */
export function findCoverage(model: Model, parameters: unknown, pointer: string): Coverage | undefined {
  const requested = isMembers(parameters) ? (parameters.coverage ?? undefined) : undefined;
  return requested === undefined ? undefined : readCoverage(model, requested, `${pointer}/coverage`);
}

/** Throws the problem `invalid-input` for a coverage that the card does not allow; `place` says where it stands if no pointer can. */
export function readCoverage(model: Model, requested: unknown, pointer: string, place = ''): Coverage {
  const { card } = model;
  const errors = findErrors(card);
  if (errors === undefined)
    throw invalid(
      pointer,
      `${place}expected none: the card of version ${card.version} has no uncertainty to make sets of`,
    );
  if (typeof requested !== 'number' || !(requested > 0 && requested < 1))
    throw invalid(pointer, `${place}expected a number between 0 and 1, such as 0.9, got ${describeValue(requested)}`);
  const { rows } = errors;
  const most = greatestCoverage(errors);
  if (requested > most)
    throw invalid(
      pointer,
      `${place}expected at most ${floor(most)}, which ${rows} calibration rows allow, got ${requested}`,
    );
  const set = createPredictionSet(card, errors, requested);
  const warning = warn(model, requested);
  const member = `"coverage":${JSON.stringify({ requested, rows, warning })}`;
  return {
    requested,
    rows,
    set,
    warning,
    member,
    addTo: (write) => addSet(write, set),
    toTensors: (outputs) => toTensors(outputs, set),
  };
}

function addSet(write: PredictionWriter, set: PredictionSet): PredictionWriter {
  const name = JSON.stringify(set.spec.name);
  return (outputs, row) => `${write(outputs, row).slice(0, -1)},${name}:${set.write(outputs, row)}}`;
}

function* toTensors(outputs: Outputs, { elements }: PredictionSet): Work<Outputs> {
  const spans: RowSpan[] = [];
  for (const span of outputs) {
    const rows = span.to - span.from;
    spans.push({ tensors: { rows, data: [yield* elements(span)] }, from: 0, to: rows });
  }
  return spans;
}

/** The number in a text, where a protocol has no other values; what is none stays, to be refused. */
export function toNumber(text: unknown): unknown {
  const number = typeof text === 'string' ? Number(text || Number.NaN) : Number.NaN;
  return Number.isNaN(number) ? text : number;
}

const floor = (share: number) => Math.floor(share * 1e4) / 1e4;

/** Errors of the past tell of rows like those of the past. */
function warn(model: Model, requested: number): string | undefined {
  const drift = driftOf(model);
  const drifted = drift && describeDrifted(drift.read());
  return drifted && `${drifted} Fewer than ${Number((100 * requested).toFixed(4))} % of the sets may hold the truth.`;
}
