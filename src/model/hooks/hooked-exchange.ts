/** The exchange of a card with hooks: `before` makes features of what a caller sends, `after` makes the answer of a prediction. */
import { Problem } from '../../problem';
import { inTurns } from '../../turns';
import type { HooksSpec } from '../card/hooks';
import { invalidInput } from '../instances/contract';
import type { Tensors } from '../tensors/tensors';
import { callHooks, isPromise } from './call-hooks';
import type { HookedExchange, HookName, ModelParts, Part } from './exchange';
import { type Hooks, loadHooks } from './load-hooks';
import { createNesting } from './nesting';
import { createOuterContract } from './outer-contract';

const usualTimeoutMs = 10_000;

export function createHookedExchange(parts: ModelParts, spec: HooksSpec): HookedExchange {
  const { card, contract, write, directory } = parts;
  const { timeoutMs = usualTimeoutMs } = spec;
  const outer = createOuterContract(spec);
  const nest = createNesting(card);
  let loaded: Hooks | undefined;

  function hooks(): Hooks {
    loaded ??= loadHooks(directory, spec);
    return loaded;
  }

  function call(name: HookName, part: Part, toResult: (row: number) => unknown) {
    const { instances, pointer, from, isGone = () => false, called } = part;
    const pointerOf = (row: number) => `${pointer}/${from + row}`;
    // What stands in the place of a hook that the file lacks is no call of one.
    const isHook = hooks()[name] !== undefined;
    const ended = (seconds: number) => {
      if (isHook) called?.(name, seconds);
    };
    return callHooks({ name, count: instances.length, timeoutMs, call: toResult, pointerOf, isGone, ended });
  }

  /** What callers send are features. A fault is at its place in the request, of which these are a part. */
  async function readFeatures({ instances, pointer, from }: Part): Promise<Tensors> {
    try {
      return await inTurns(contract.readInstances(instances, ''));
    } catch (failure) {
      if (!(failure instanceof Problem) || failure.errors === undefined) throw failure;
      throw invalidInput(
        failure.errors.map(({ pointer: at, detail }) => {
          const [, row, ...rest] = at.split('/');
          return { pointer: [pointer, from + Number(row), ...rest].join('/'), detail };
        }),
      );
    }
  }

  async function toTensors(part: Part): Promise<Tensors> {
    const { before } = hooks();
    if (before === undefined) return readFeatures(part);
    const features = await call('before', part, (row) => before(part.instances[row]));
    try {
      return await inTurns(contract.readInstances(features.map(nest), ''));
    } catch (failure) {
      if (!(failure instanceof Problem)) throw failure;
      throw new Error(`The hook "before" returned features that do not match the card. ${failure.message}`);
    }
  }

  async function toAnswers(outputs: Tensors, part: Part): Promise<readonly string[]> {
    const { after } = hooks();
    const toAnswer = (row: number) => {
      const text = write.prediction(outputs, row);
      return after === undefined ? text : thenText(after(JSON.parse(text), part.instances[row]));
    };
    return (await call('after', part, toAnswer)) as readonly string[];
  }

  const findMisfit = (answer: string) => outer.findMisfit(JSON.parse(answer));
  return { check: outer.check, relocate: outer.relocate, toTensors, toAnswers, findMisfit };
}

function thenText(answer: unknown): string | Promise<string> {
  return isPromise(answer) ? answer.then(toText) : toText(answer);
}

function toText(answer: unknown): string {
  const text = JSON.stringify(answer) as string | undefined;
  if (text === undefined) throw new TypeError(`The hook "after" returned ${typeof answer}: expected a JSON value.`);
  return text;
}
