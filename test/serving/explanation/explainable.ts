/** Models with a background, and explanations of them without HTTP. */
import { join } from 'node:path';
import { readConfig } from '../../../src/config';
import type { HttpRequest } from '../../../src/http/message';
import { readSamples } from '../../../src/model/acceptance/golden-samples';
import type { Card } from '../../../src/model/card/card';
import { createModel, type Model, type ModelOptions } from '../../../src/model/model';
import { answerExplain } from '../../../src/protocols/shared/explained-rows';
import { copyModel, type ModelCopy } from '../../model-copy';
import { projectDirectory } from '../../processes';

export interface Explanation {
  readonly base: number;
  readonly prediction: number;
  readonly contributions: Readonly<Record<string, number>>;
}

export type Row = readonly unknown[];

export const copies: ModelCopy[] = [];
export const models: Model[] = [];
/** What a suite leaves nothing of. */
afterEach(async () => {
  for (const model of models.splice(0)) await model.release();
  for (const copy of copies.splice(0)) copy.remove();
});

/** A model with so many of its samples as background. */
export function createExplainable(directory: string, backgroundRows: number, limits: Partial<ModelOptions> = {}) {
  const rows = readSamples(directory).map(({ instance }) => instance as Row);
  const copy = copyModel(directory);
  copies.push(copy);
  const background = rows.slice(0, backgroundRows);
  copy.edit<Card>('card.json', ({ data: { background: _, ...data } = {}, ...rest }) => ({
    ...rest,
    data: backgroundRows === 0 ? data : { ...data, background },
  }));
  const model = createModel({ ...readConfig({ MODEL_DIR: copy.directory }), ...limits });
  models.push(model);
  return { model, rows, background };
}

export function requestOf(isGone = () => false): HttpRequest {
  const event = { rows: 0, queuedAt: 0, runAt: 0, modelMs: 0 };
  return { isGone, event } as Partial<HttpRequest> as HttpRequest;
}

export async function explain(model: Model, instances: readonly Row[], parameters: object = {}, request = requestOf()) {
  const { body } = await answerExplain(model, { instances, parameters }, request);
  return JSON.parse(body as string) as {
    readonly method: string;
    readonly explanations: readonly { readonly value: Explanation }[];
  };
}

/** A directory of a model of the tests. */
export const fixture = (name: string) => join(projectDirectory, 'test/fixtures/models', name);
