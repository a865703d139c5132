/** Golden samples of any model, asked for as instances and as tensors of the inference protocol, JSON and binary. */
import { findMismatch, readSamples } from '../../src/model/acceptance/golden-samples';
import { readCard } from '../../src/model/card/card';
import type { Reply } from '../client';
import { toBinary, toGroups, toPredictions, toTensors } from '../every-model';
import type { Host } from '../hosts';

/** Fails unless a host that serves the model in `out` repeats its samples. */
export async function expectAnswers(host: Host, out: string): Promise<void> {
  const { card } = readCard(out);
  const samples = readSamples(out);
  const instances = samples.map(({ instance }) => instance);
  const path = `/v2/models/${encodeURIComponent(card.name)}/infer`;
  const expectClose = (predictions: readonly unknown[]) => {
    expect(predictions).toHaveLength(samples.length);
    expect(samples.map(({ prediction }, i) => findMismatch(prediction, predictions[i], card.tolerance))).toEqual(
      samples.map(() => undefined),
    );
  };

  const { status, json, text } = await host.post('/predict', { instances });
  expect(status === 200 ? 'answered' : text.slice(0, 500) + host.stdout.join('\n').slice(0, 3_000)).toBe('answered');
  expectClose((json as { readonly predictions: readonly unknown[] }).predictions);

  const asJson: unknown[] = [];
  const asBytes: unknown[] = [];
  for (const group of toGroups(card, instances)) {
    const inputs = toTensors(card, group);
    asJson.push(...toPredictions(card, await host.post(path, { inputs }), group.length));
    asBytes.push(...toPredictions(card, await sendBytes(host, path, inputs), group.length));
  }
  expectClose(asJson);
  expectClose(asBytes);
}

function sendBytes(host: Host, path: string, inputs: ReturnType<typeof toTensors>): Promise<Reply> {
  const parts = inputs.map(({ datatype, data }) => toBinary(datatype, data));
  const described = inputs.map(({ data, ...input }, i) => ({
    ...input,
    parameters: { binary_data_size: parts[i]?.length },
  }));
  const head = Buffer.from(JSON.stringify({ inputs: described }));
  const headers = { 'inference-header-content-length': String(head.length) };
  return host.request('POST', path, { headers, body: Buffer.concat([head, ...parts]) });
}
