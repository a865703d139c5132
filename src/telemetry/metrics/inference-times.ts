/** Counts prediction requests that succeed and fail, and the time successful ones spend in each stage. */
import { partsOf, type RequestEvent } from '../../http/request-event';

/** A number of requests and their total time. */
export interface Duration {
  readonly count: number;
  readonly ms: number;
}

export function createInferenceTimes() {
  let successes = 0;
  let failures = 0;
  const ms = { success: 0, fail: 0, queue: 0, input: 0, infer: 0, output: 0 };

  return {
    /** Counts a request to a version of the model. */
    ended(event: RequestEvent, endedAt: number): void {
      const all = endedAt - event.startedAt;
      if (event.problem !== undefined) {
        failures++;
        ms.fail += all;
        return;
      }
      const { decode, queue, model, encode } = partsOf(event, endedAt);
      successes++;
      ms.success += all;
      ms.queue += queue;
      ms.input += decode;
      ms.infer += model;
      ms.output += encode;
    },

    /** Stages share the count of `success`; failed requests do not contribute. */
    read() {
      const of = (part: Exclude<keyof typeof ms, 'fail'>): Duration => ({ count: successes, ms: ms[part] });
      return {
        success: of('success'),
        fail: { count: failures, ms: ms.fail },
        queue: of('queue'),
        input: of('input'),
        infer: of('infer'),
        output: of('output'),
      };
    },
  };
}
