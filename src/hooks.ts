/**
 * What a `hooks.ts` beside a card is written with: what stands before a model and behind it.
 *
 *     import { type After, type Before, InputError } from '../src/hooks';
 *
 *     export const before: Before<Text, Features> = ({ text }) => ({ length: text.length });
 *     export const after: After<Prediction, Text> = ({ value }) => ({ seconds: value });
 */

/** Makes the features of the card, as an object by name or an array in their order, of what a caller sent. */
export type Before<Instance, Features extends object> = (instance: Instance) => Features | Promise<Features>;

/** Makes the answer of a prediction. It gets what the caller sent, too. */
export type After<Prediction, Instance, Answer = unknown> = (
  prediction: Prediction,
  instance: Instance,
) => Answer | Promise<Answer>;

/** Thrown for an instance that cannot be read: its caller is told, with the place. Any other error is the model's own. */
export class InputError extends Error {
  override readonly name = 'InputError';

  /** `pointer` is a JSON Pointer into the instance, such as "/image". */
  constructor(
    message: string,
    readonly pointer = '',
  ) {
    super(message);
  }
}
