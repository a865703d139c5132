/** What the largest instance costs that a card allows: a run of zeros with the largest sizes. */
import type { Card } from '../../model/card/card';
import type { Session } from '../../model/runtime/session';
import { createData, elementCount, isFree, rowSizes, type TensorSpec, type Tensors } from '../../model/tensors/tensors';

const kilobytesPerMb = 1e3;

/** Undefined when callers choose no sizes. */
export async function describeLargest({ attempt }: Session, card: Card): Promise<string | undefined> {
  if (!card.inputs.some(isFree)) return undefined;
  const largest: Tensors = { rows: 1, data: card.inputs.map(largestOf) };
  const sizes = card.inputs.filter(isFree).map(({ name, maxShape = [] }) => `${name} [${maxShape.join(', ')}]`);
  const before = process.resourceUsage().maxRSS;
  const startedAt = performance.now();
  try {
    await attempt(() => largest);
  } catch (failure) {
    return `${sizes.join(', ')}: the model cannot run zeros of these sizes; callers would be told. ${(failure as Error).message}`;
  }
  const ms = performance.now() - startedAt;
  const megabytes = (process.resourceUsage().maxRSS - before) / kilobytesPerMb;
  return `${sizes.join(', ')} in ${ms.toFixed(1)} ms, with ${Math.max(0, megabytes).toFixed(0)} MB of memory beyond what smaller ones take`;
}

function largestOf(spec: TensorSpec): Tensors['data'][number] {
  const sizes = rowSizes({ ...spec, shape: spec.maxShape ?? spec.shape });
  const data = createData(spec.datatype, elementCount(sizes));
  return isFree(spec) ? [{ sizes, data }] : data;
}
