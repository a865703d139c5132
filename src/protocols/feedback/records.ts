/** Feedback as records for the sink, checked against the card. */
import { isPredictionId } from '../../http/prediction-id';
import type { Card } from '../../model/card/card';
import { invalidInput } from '../../model/instances/contract';
import { describeValue, maxFaults } from '../../model/instances/faults';
import type { Fault } from '../../problem';
import type { Work } from '../../turns';
import { isMembers, type Members } from '../shared/envelope';
import type { Truth } from './truth';

/** Items of one request: about as many as take some milliseconds. */
export const mostItems = 10_000;
/** Read between two looks at the clock, about 0.1 ms. */
export const itemsPerStep = 128;

/** What a caller told of predictions. */
export interface Told {
  readonly items: readonly unknown[];
  /** Where an item, or a member of it, stands in the request. */
  pointerTo(item: number, member?: string): string;
}

/** A record for each item. Throws the problem `invalid-input` for the first that are wrong. */
export function* toRecords({ items, pointerTo }: Told, truth: Truth, { name }: Card): Work<readonly string[]> {
  const faults: Fault[] = [];
  const time = new Date().toISOString();
  const records: string[] = [];
  for (let i = 0; i < items.length && faults.length < maxFaults; i++) {
    if (i % itemsPerStep === itemsPerStep - 1) yield;
    const item = items[i];
    const misfit = findMisfit(item, truth);
    if (misfit !== undefined) {
      faults.push({ pointer: pointerTo(i, misfit.member), detail: misfit.detail });
      continue;
    }
    const { id, row = 0, [truth.member]: told } = item as Members;
    records.push(JSON.stringify({ id, row, feedback: { [truth.member]: told }, time, model: name }));
  }
  if (faults.length > 0) throw invalidInput(faults);
  return records;
}

interface Misfit {
  /** Undefined for the item as a whole. */
  readonly member?: string;
  readonly detail: string;
}

function findMisfit(item: unknown, { member, fault }: Truth): Misfit | undefined {
  if (!isMembers(item)) return { detail: `expected an object, got ${describeValue(item)}` };
  const { id, row = 0, [member]: told, ...others } = item;
  if (!isPredictionId(id))
    return { member: 'id', detail: `expected an id of 1 to 128 visible ASCII characters, got ${describeValue(id)}` };
  if (!Number.isSafeInteger(row) || (row as number) < 0)
    return { member: 'row', detail: `expected a row from 0 on, got ${describeValue(row)}` };
  const wrong = fault(told);
  if (wrong !== undefined) return { member, detail: wrong };
  const [other] = Object.keys(others);
  if (other === undefined) return undefined;
  return { detail: `expected the members id, row and ${member}, got ${JSON.stringify(other.slice(0, 80))}` };
}
