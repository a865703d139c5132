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
/** Around the predictions of an answer in JSON. */
const [before, after] = ['{"predictions":[', ']}'];

const lines: Join = { next: (answer) => answer, end: nothing };

export const joinsOf: Readonly<Record<AnswerForm['kind'], Join>> = {
  arrow: { next: toContinued, end: endOfStream },
  csv: lines,
  lines,
  json: {
    next(answer, isFirst) {
      const end = answer.length - after.length;
      return isFirst ? answer.subarray(0, end) : Buffer.concat([comma, answer.subarray(before.length, end)]);
    },
    end: Buffer.from(after),
  },
};
