/** Explanations that cannot be made: no background, no room, no time, no caller. */
import { readConfig } from '../../../src/config';
import type { Card } from '../../../src/model/card/card';
import { createModel } from '../../../src/model/model';
import { answerExplain } from '../../../src/protocols/shared/explained-rows';
import { nextTurn } from '../../../src/turns';
import { copyModel } from '../../model-copy';
import { goodInstance, modelDirectory } from '../../model-files';
import { copies, createExplainable, explain, fixture, models, type Row, requestOf } from './explainable';

test('A card without background is answered with what it needs', async () => {
  const { model } = createExplainable(modelDirectory, 0);
  await expect(explain(model, [goodInstance])).rejects.toMatchObject({
    type: 'not-explainable',
    status: 404,
    message: expect.stringContaining('training rows under "data", "background"'),
  });
});

test('A background row that is no instance is refused when the card is read', () => {
  const copy = copyModel();
  copies.push(copy);
  copy.edit<Card>('card.json', ({ data, ...rest }) => ({
    ...rest,
    data: { ...data, background: [goodInstance, [1]] },
  }));
  expect(() => createModel(readConfig({ MODEL_DIR: copy.directory }))).toThrow('data.background[1]');
});

test('A background that is longer than a request may be is answered with the cure', async () => {
  const { model } = createExplainable(modelDirectory, 32, { maxRequestRows: 511 });
  await expect(explain(model, [goodInstance])).rejects.toMatchObject({
    type: 'not-explainable',
    message: expect.stringMatching(/limit of 511 rows .* takes 512 model rows .* Shorten .* or raise MAX_REQUEST_ROWS/),
  });
});

test('Explanations that take too long end', async () => {
  const { model } = createExplainable(modelDirectory, 32, { requestTimeoutMs: 20 });
  await model.load();
  await expect(explain(model, Array<Row>(195).fill(goodInstance))).rejects.toMatchObject({ type: 'deadline-exceeded' });
  expect(model.queuedRows()).toBe(0);
});

test('A failed run ends its explanation', async () => {
  const { model, rows } = createExplainable(fixture('datatypes'), 2);
  await model.load();
  await models.pop()?.release();
  await expect(explain(model, rows.slice(0, 1))).rejects.toThrow();
});

test('Nothing runs any more for a caller that has gone', async () => {
  const { model } = createExplainable(modelDirectory, 32);
  await model.load();
  let asked = 0;
  // Gone once some runs are over.
  const leaving = requestOf(() => ++asked > 8);
  const left = answerExplain(model, { instances: Array(195).fill(goodInstance) }, leaving);
  left.catch(() => undefined);
  await nextTurn();
  expect(model.queuedRows()).toBeGreaterThan(0);
  // Those who come later take turns with the runs that are under way.
  while (model.queuedRows() > 0) await explain(model, [goodInstance]);
  await expect(left).rejects.toMatchObject({ type: 'caller-gone' });
  expect(asked).toBeLessThan(20);
});
