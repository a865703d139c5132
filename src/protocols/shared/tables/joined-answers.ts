/** Makes one answer of the answers to the parts of a table. */
import { endOfStream, toContinued } from '../../../arrow/messages';
import type { AnswerForm } from './answer-form';

export interface Join {
  /** What the answer to a part adds. */
  next(answer: Buffer, isFirst: boolean): Buffer;
  /** What ends an answer: without it, none is complete. */
  readonly end: Buffer;
}

const nothing = Buffer.alloc(0);
const comma = Buffer.from(',');
const beforePredictions = '{"predictions":[';

const lines: Join = { next: (answer) => answer, end: nothing };

export function joinOf({ kind, coverage }: AnswerForm): Join {
  switch (kind) {
    case 'arrow':
      return { next: toContinued, end: endOfStream };
    case 'json':
      return joinJson(Buffer.from(coverage === undefined ? ']}' : `],${coverage.member}}`));
    default:
      return lines;
  }
}

/** `after` is what follows the predictions in each answer. */
function joinJson(after: Buffer): Join {
  return {
    next(answer, isFirst) {
      const end = answer.length - after.length;
      return isFirst ? answer.subarray(0, end) : Buffer.concat([comma, answer.subarray(beforePredictions.length, end)]);
    },
    end: after,
  };
}
