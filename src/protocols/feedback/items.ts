/** Feedback as a list of objects. */
import { expected, invalid } from '../shared/faults';
import { mostItems, type Told } from './records';

const pointer = '/feedback';

export function readItems(items: unknown): Told {
  if (!Array.isArray(items)) throw expected(pointer, 'an array', items);
  if (items.length === 0 || items.length > mostItems)
    throw invalid(pointer, `expected 1 to ${mostItems} items, got ${items.length}`);
  return {
    items,
    pointerTo: (item, member) => [pointer, item, ...(member === undefined ? [] : [member])].join('/'),
  };
}
