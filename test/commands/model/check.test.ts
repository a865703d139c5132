/** `npm run model -- check` ends in time, and says what it has left out of a slow model. */
import { rmSync } from 'node:fs';
import { join } from 'node:path';
import { copyModel } from '../../model-copy';
import { projectDirectory } from '../../processes';
import { run, work } from './command';

const fixture = (name: string) => join(projectDirectory, 'test/fixtures/models', name);
afterAll(() => rmSync(work, { recursive: true }));

describe('a slow model', () => {
  const slow = copyModel(fixture('slow'));
  afterAll(() => slow.remove());

  it('is tried with fewer samples, spread over all, and without many rows at once', async () => {
    slow.edit<{ samples: object[] }>('samples.json', ({ samples }) => ({
      samples: Array.from({ length: 200 }, (_, i) => samples[i % samples.length] as object),
    }));
    const { code, output } = await run('check', slow.directory, '--seconds', '1');
    expect(code).toBe(0);
    const [, tried, all] =
      /^samples +(\d+) of (\d+) tried, for lack of time \(--seconds gives more\)/m.exec(output) ?? [];
    expect([Number(tried) < 100, all]).toEqual([true, '200']);
    expect(output).toMatch(/^run +1 row in [\d.]+ ms(, [1-9] rows in [\d.]+ ms)?$/m);
    expect(output).toMatch(/^start .*\(median of 1\)$/m);
    expect(output).toMatch(/^memory +\d+ MB used .*; inference threads: \d+; \d+ MB without them/m);
  });

  it('is told where a sample among those that were tried is answered otherwise', async () => {
    slow.edit<{ samples: object[] }>('samples.json', ({ samples }) => ({
      samples: samples.map((sample) => ({ ...sample, prediction: { value: 7 } })),
    }));
    const { code, output } = await run('check', slow.directory, '--seconds', '1');
    expect([code, output]).toEqual([
      1,
      expect.stringMatching(/^FAULT samples +(\d+) of \1 do not match, first sample 0/m),
    ]);
  });
});

it('says which sizes there was no time for', async () => {
  const copy = copyModel(fixture('pictures'));
  copy.edit<{ inputs: object[] }>('card.json', (card) => ({
    ...card,
    inputs: card.inputs.map((input) => ({ ...input, maxShape: [-1, 1, 8192, 8192] })),
  }));
  const { output } = await run('check', copy.directory, '--quick', '--seconds', '2');
  expect(output).toMatch(/^sizes +not tried for lack of time: image \[1, 1, \d+, \d+\] \(--seconds gives more\)/m);
  copy.remove();
});

it.each(['0', 'x', '-1', '1.5'])('--seconds %s is a wrong command line', async (word) => {
  expect(await run('check', `--seconds=${word}`)).toMatchObject({
    code: 2,
    errors: `--seconds is "${word}": expected an integer from 1 to 9999.\n`,
  });
});
