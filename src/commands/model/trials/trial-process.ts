/**
 * Runs weights on zeros, in a process of its own: some end the process when they cannot run.
 *
 * Its words are the file, lists of inputs, and `first` to end with the first list that runs. The first line of output says after
 * how many milliseconds the weights were open. Each run is a line more: what the outputs look like, how long it took, and the most
 * memory that the process has had; or null.
 */
import { writeSync } from 'node:fs';
import type { ConstantInput } from '../../../model/card/card';
import { toConstantRow } from '../../../model/card/constants';
import { openWeights } from '../../../model/runtime/session';
import { createData, type Elements, elementCount, type TensorSpec } from '../../../model/tensors/tensors';

type Spec = TensorSpec | ConstantInput;

async function main([path = '', words = '[]', until = '']: readonly string[]): Promise<void> {
  const weights = await openWeights(path);
  writeSync(1, `${performance.now()}\n`);
  for (const specs of JSON.parse(words) as readonly (readonly Spec[])[]) {
    const feeds = specs.map((spec) => ({ spec, shape: spec.shape, data: dataOf(spec) }));
    const startedAt = performance.now();
    const results = await weights.run(feeds).catch(() => undefined);
    const ms = performance.now() - startedAt;
    const ran = results && {
      dims: Array.from(results, ([name, { dims }]) => [name, dims]),
      ms,
      peakKilobytes: process.resourceUsage().maxRSS,
    };
    writeSync(1, `${JSON.stringify(ran ?? null)}\n`);
    if (ran !== undefined && until === 'first') return;
  }
}

function dataOf(spec: Spec): Elements {
  if ('value' in spec) return toConstantRow({ ...spec, isSingle: true }).data;
  return createData(spec.datatype, elementCount(spec.shape));
}

main(process.argv.slice(2)).catch(({ message }: Error) => {
  process.stderr.write(message);
  process.exitCode = 1;
});
