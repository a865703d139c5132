/** Feedback by a BigQuery remote function: a call for each row, with the id, the row of the request where it had many, and the truth. */
import type { Work } from '../../turns';
import type { Members } from '../shared/envelope';
import { invalid } from '../shared/faults';
import {
  type ArgumentKind,
  checkCall,
  checkCalls,
  checkNullRule,
  readContext,
  readNullRule,
  toArgument,
} from '../shared/remote-calls';
import { itemsPerStep, mostItems, type Told } from './records';
import type { Truth } from './truth';

interface Calls extends Told {
  /** Where each item comes from: calls with NULL tell nothing. */
  readonly sources: readonly Source[];
  readonly count: number;
}

interface Source {
  readonly call: number;
  /** Members of the item, in the order of the arguments. */
  readonly names: readonly string[];
}

const text: ArgumentKind = { isText: true, isNullable: false };
const number: ArgumentKind = { isText: false, isNullable: false };
const kinds: Readonly<Record<string, ArgumentKind>> = { id: text, row: number, label: text, value: number };

/** Throws the problem `invalid-input` for what is no list of calls with these arguments. */
export function* readCalls(members: Members, { member }: Truth): Work<Calls> {
  const nullRule = readNullRule(readContext(members));
  const { calls } = members;
  checkCalls(calls);
  if (calls.length > mostItems)
    throw invalid(
      '/calls',
      `expected at most ${mostItems} calls, got ${calls.length}: set max_batching_rows = ${mostItems} in the OPTIONS of the remote function`,
    );
  const items: object[] = [];
  const sources: Source[] = [];
  for (const [i, call] of calls.entries()) {
    if (i % itemsPerStep === itemsPerStep - 1) yield;
    checkCall(call, i);
    const names = namesOf(call, member, i);
    const item = toItem(call, names);
    if (item === undefined) checkNullRule(nullRule, call, i);
    else {
      items.push(item);
      sources.push({ call: i, names });
    }
  }
  const pointerTo = (item: number, name = '') => {
    const { call, names } = sources[item] as Source;
    return `/calls/${call}/${names.indexOf(name)}`;
  };
  return { items, pointerTo, sources, count: calls.length };
}

function namesOf({ length }: readonly unknown[], member: Truth['member'], i: number): readonly string[] {
  if (length === 3) return ['id', 'row', member];
  if (length === 2) return ['id', member];
  throw invalid(
    `/calls/${i}`,
    `expected the arguments id, row and ${member}, or id and ${member}, got ${length} arguments`,
  );
}

/** Undefined for a call with NULL. */
function toItem(call: readonly unknown[], names: readonly string[]): object | undefined {
  const item: Record<string, unknown> = {};
  for (const [at, name] of names.entries()) {
    const value = toArgument(call[at], kinds[name]);
    if (value === undefined) return undefined;
    item[name] = value;
  }
  return item;
}

/** One for each call, in order: true where something was told, else NULL. */
export function toReplies({ sources, count }: Calls): readonly (true | null)[] {
  const replies = new Array<true | null>(count).fill(null);
  for (const { call } of sources) replies[call] = true;
  return replies;
}
