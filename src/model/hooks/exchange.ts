/** How what callers send becomes tensors, and what the model returns becomes what they get: by the card alone, or by hooks, too. */
import { finish, type Work } from '../../turns';
import type { Card } from '../card/card';
import type { Contract } from '../instances/contract';
import type { PredictionWriters } from '../predictions/prediction';
import type { Tensors } from '../tensors/tensors';

/** Instances of a request, or some of them. */
export interface Part {
  readonly instances: readonly unknown[];
  /** JSON Pointer to the list of instances in the request. */
  readonly pointer: string;
  /** Place of the first of them in that list. */
  readonly from: number;
  /** Whether their caller has gone. */
  readonly isGone?: () => boolean;
  /** Told of each call of a hook once it has ended, also by a failure. Must not throw. */
  readonly called?: HookObserver;
}

export type HookName = 'before' | 'after';
export type HookObserver = (hook: HookName, seconds: number) => void;

export interface Exchange {
  /** Rejects with `invalid-input`. */
  toTensors(part: Part): Tensors | Promise<Tensors>;
  /** The answers to instances, whose outputs these are, as JSON text. */
  toAnswers(outputs: Tensors, part: Part): readonly string[] | Promise<readonly string[]>;
}

export interface HookedExchange extends Exchange {
  /** Checks instances of a request before any hook is called. */
  check(instances: unknown, pointer: string): Work<readonly object[]>;
  /** A problem of instances, pointed at what was sent: values that were named by their places. */
  relocate(failure: unknown, sent: readonly unknown[], pointer: string): unknown;
  /** What is wrong with an answer; undefined where nothing is. */
  findMisfit(answer: string): string | undefined;
}

export interface ModelParts {
  readonly card: Card;
  readonly directory: string;
  readonly contract: Contract;
  readonly write: PredictionWriters;
}

/** Of a card without hooks. */
export function createPlainExchange({ contract, write }: Pick<ModelParts, 'contract' | 'write'>): Exchange {
  return {
    toTensors: ({ instances, pointer }) => finish(contract.readInstances(instances, pointer)),
    toAnswers: (outputs, { instances }) => instances.map((_, row) => write.prediction(outputs, row)),
  };
}

/** For outputs that are answers already: text in the place of tensors. */
export const answerWriters: PredictionWriters = {
  prediction: ({ data }, row) => (data[0] as readonly string[])[row] as string,
};

export function toAnswered(answers: string[]): Tensors {
  return { rows: answers.length, data: [answers] };
}
