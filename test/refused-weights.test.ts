/** Weights are refused when they are not the card's or do not answer as its trainer did, with a line that says why. */
import { expectUnavailable, failure, useCopies, withHost } from './broken-model';
import { type Card, card, goodInstance, type Sample } from './model-files';

const good = { instances: [goodInstance] };
type CardWithTraining = Pick<Card, 'training'>;
const copy = useCopies();

test('weights that another version of the runtime has checked are refused, and the log says which and how to retrain', async () => {
  copy().edit<CardWithTraining>('card.json', ({ training, ...others }) => ({
    ...others,
    training: { ...training, environment: { ...training.environment, onnxruntime: '1.12.0' } },
  }));
  const { onnxruntime } = card.training.environment;
  await withHost(copy(), {}, async (host) => {
    expectUnavailable(copy(), await host.post('/', good));
    const line = await host.line(failure);
    for (const part of [
      'expected onnxruntime 1.12.0',
      `got ${onnxruntime}`,
      `onnxruntime==${onnxruntime}`,
      'npm run train',
    ])
      expect(line).toContain(part);
  });
});

test('weights whose card names no version of the runtime are served', async () => {
  copy().edit<CardWithTraining>('card.json', ({ training, ...others }) => ({
    ...others,
    training: { ...training, environment: { python: training.environment.python ?? '' } },
  }));
  await withHost(copy(), {}, async (host) => {
    expect((await host.post('/', good)).status).toBe(200);
  });
});

test('a golden sample of a megabyte that is answered differently is a short line', async () => {
  copy().edit<{ samples: readonly Sample[] }>('samples.json', ({ samples: [first, ...others] }) => ({
    samples: [{ ...first, prediction: { ...first?.prediction, label: 'long '.repeat(2 ** 18) } }, ...others],
  }));
  await withHost(copy(), {}, async (host) => {
    expectUnavailable(copy(), await host.post('/', good));
    const line = await host.line(failure);
    expect(line.length).toBeLessThan(1_000);
    expect(line).toMatch(/The golden sample 0 is answered differently: expected \\"label\\" to be the string \\"long /);
  });
});

const renamed = (name: string) => `${name}2`;

/** A card whose inputs and features have other names than the weights. */
function renameInputs(content: Card): Card {
  const inputs = content.inputs.map((input) => ({ ...input, name: renamed(input.name) }));
  const features = content.features.map((feature) => ({ ...feature, input: renamed(feature.input) }));
  return { ...content, inputs, features };
}

/** The first sample with another label than the trainer gave. */
function mislabel({ samples }: { readonly samples: readonly Sample[] }): object {
  const [{ instance, prediction }, ...others] = samples as readonly [Sample, ...Sample[]];
  const label = card.labels.find((other) => other !== prediction.label);
  return { samples: [{ instance, prediction: { ...prediction, label } }, ...others] };
}

/** The first sample with a probability that is off by 0.00001. */
function shiftProbability({ samples }: { readonly samples: readonly Sample[] }): object {
  const [{ instance, prediction }, ...others] = samples as readonly [Sample, ...Sample[]];
  const shifted = Object.entries(prediction.probabilities).map(([label, value], i) => [
    label,
    i === 0 ? value - 1e-5 : value,
  ]);
  return {
    samples: [{ instance, prediction: { ...prediction, probabilities: Object.fromEntries(shifted) } }, ...others],
  };
}

test.each([
  [
    'another sha256 than the card’s',
    'sha256',
    () =>
      copy().edit<Card>('card.json', (content) => ({
        ...content,
        weights: { ...content.weights, sha256: '0'.repeat(64) },
      })),
  ],
  [
    'other inputs than the card’s',
    renamed(card.inputs[0]?.name ?? ''),
    () => copy().edit<Card>('card.json', renameInputs),
  ],
  [
    'another label than a golden sample’s',
    'The golden sample 0 is answered differently',
    () => copy().edit('samples.json', mislabel),
  ],
  [
    'another probability than a golden sample’s',
    'tolerance 0.000001). The largest numeric difference is 1.0e-5',
    () => copy().edit('samples.json', shiftProbability),
  ],
])('weights with %s are refused, and the log says why', async (_defect, cause, breakCopy) => {
  breakCopy();
  await withHost(copy(), {}, async (host) => {
    expectUnavailable(copy(), await host.post('/', good));
    await host.stop();
    const lines = host.stdout.filter((line) => failure.test(line));
    expect(lines).toHaveLength(1);
    expect(lines[0]).toContain(cause);
  });
});
