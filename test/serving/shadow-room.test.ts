/** A shadow whose queue has no bytes left drops rows as it does when it has no rows left. */
import { join } from 'node:path';
import { readConfig } from '../../src/config';
import { predict } from '../../src/model/batching/predict';
import { createModel } from '../../src/model/model';
import type { Tensors } from '../../src/model/tensors/tensors';
import { createShadow } from '../../src/serving/shadow';
import { projectDirectory } from '../processes';

const config = readConfig({ MODEL_DIR: join(projectDirectory, 'test/fixtures/models/square') });
const toRows = (rows: number): Tensors => ({ rows, data: [new Float32Array(rows)] });
const isGone = () => false;

test('rows without room in the queue of the shadow are counted as dropped, and no failure is reported', async () => {
  const champion = createModel(config);
  // A row at a time: its queue is full for many turns of the event loop.
  const candidate = createModel({ ...config, maxBatchRows: 1, maxQueuedBytes: 1 });
  const missed: [rows: number, reason: string][] = [];
  const faults: unknown[] = [];
  for (const model of [champion, candidate]) model.observe({ faulted: (failure) => void faults.push(failure) });
  createShadow(champion, candidate).observe({
    compared: () => undefined,
    missed: (rows, reason) => void missed.push([rows, reason]),
  });
  await Promise.all([champion.load(), candidate.load()]);
  const waiting = predict(candidate.submit, toRows(1_000), { isGone });
  await predict(champion.submit, toRows(3), { isGone });
  await waiting;
  expect({ missed, faults }).toEqual({ missed: [[3, 'dropped']], faults: [] });
  await Promise.all([champion.release(), candidate.release()]);
});
