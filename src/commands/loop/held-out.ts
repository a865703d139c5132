/** Which captured rows no training may see, so that promoting a candidate can be decided by them. */
import type { Card } from '../../model/card/card';
import { sha256 } from '../../sha256';
import type { Members } from './records';

/** One in five. */
const share = 0.2;

/** Decided by the values: a row that is asked twice lies on the same side both times, in every directory of captures. */
export function createIsHeldOut({ features }: Pick<Card, 'features'>): (instance: Members) => boolean {
  return (instance) => {
    const values = JSON.stringify(features.map(({ name }) => instance[name]));
    return Number.parseInt(sha256(values).slice(0, 8), 16) < share * 2 ** 32;
  };
}
