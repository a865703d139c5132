/** What parsing comes to: a value, or that there is none. */
import { Problem } from '../../src/problem';

export function outcomeOf(parse: () => unknown): unknown {
  try {
    return { value: parse() };
  } catch (failure) {
    if (failure instanceof SyntaxError || (failure instanceof Problem && failure.type === 'malformed-body'))
      return 'no JSON';
    throw failure;
  }
}
