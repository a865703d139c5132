/** Feedback: what really happened, for predictions by their ids, written where the captures are. */
import type { Sink } from '../../capture/sink';
import { type HttpReply, jsonReply } from '../../http/message';
import { modelPath } from '../../http/model-path';
import { isPredictionId } from '../../http/prediction-id';
import type { Route } from '../../http/router';
import type { Card } from '../../model/card/card';
import { invalidInput } from '../../model/instances/contract';
import { describeValue, maxFaults } from '../../model/instances/faults';
import { type Fault, Problem } from '../../problem';
import { type Envelope, isMembers, type Members } from '../shared/envelope';
import { expected, invalid } from '../shared/faults';
import type { Deployment, Protocol } from '../shared/protocol';
import { describeFeedback } from './openapi';
import { type Truth, truthOf } from './truth';

const key = 'feedback';
/** About as many as take a millisecond or two. */
const mostItems = 10_000;

export function createFeedback({ sink }: { readonly sink: Sink }): Protocol {
  const envelope: Envelope = {
    key,
    name: key,
    answer({ card }, { [key]: items }) {
      return take(card, items, sink);
    },
  };
  return {
    name: key,
    envelopes: [envelope],
    routes: (deployment) => routesOf(deployment, envelope),
    describe: describeFeedback,
  };
}

function routesOf({ serving: { champion }, take: handle }: Deployment, envelope: Envelope): [string, Route][] {
  if (truthOf(champion.card) === undefined) return [];
  return [[`${modelPath('/v1', champion.card.name)}:feedback`, { POST: handle(champion, [envelope]) }]];
}

function take(card: Card, items: unknown, sink: Sink): HttpReply {
  const truth = truthOf(card);
  if (truth === undefined)
    throw invalid(`/${key}`, 'expected no feedback: the model predicts neither a label nor a value');
  if (!Array.isArray(items)) throw expected(`/${key}`, 'an array', items);
  if (items.length === 0 || items.length > mostItems)
    throw invalid(`/${key}`, `expected 1 to ${mostItems} items, got ${items.length}`);
  const records = toRecords(items, truth, card);
  if (!sink.addAll(records))
    throw new Problem('overloaded', 'Feedback cannot be written now. Retry in 1 s.', { retryAfterSeconds: 1 });
  return jsonReply({ accepted: records.length });
}

function toRecords(items: readonly unknown[], truth: Truth, { name }: Card): readonly string[] {
  const faults: Fault[] = [];
  const time = new Date().toISOString();
  const records: string[] = [];
  for (let i = 0; i < items.length && faults.length < maxFaults; i++) {
    const item = items[i];
    const fault = findFault(item, truth);
    if (fault !== undefined) {
      faults.push({ pointer: `/${key}/${i}${fault.pointer}`, detail: fault.detail });
      continue;
    }
    const { id, row = 0, [truth.member]: told } = item as Members;
    records.push(JSON.stringify({ id, row, feedback: { [truth.member]: told }, time, model: name }));
  }
  if (faults.length > 0) throw invalidInput(faults);
  return records;
}

function findFault(item: unknown, { member, fault }: Truth): Fault | undefined {
  if (!isMembers(item)) return { pointer: '', detail: `expected an object, got ${describeValue(item)}` };
  const { id, row = 0, [member]: told, ...others } = item;
  if (!isPredictionId(id))
    return { pointer: '/id', detail: `expected an id of 1 to 128 visible ASCII characters, got ${describeValue(id)}` };
  if (!Number.isSafeInteger(row) || (row as number) < 0)
    return { pointer: '/row', detail: `expected a row from 0 on, got ${describeValue(row)}` };
  const wrong = fault(told);
  if (wrong !== undefined) return { pointer: `/${member}`, detail: wrong };
  const [other] = Object.keys(others);
  if (other === undefined) return undefined;
  return {
    pointer: '',
    detail: `expected the members id, row and ${member}, got ${JSON.stringify(other.slice(0, 80))}`,
  };
}
