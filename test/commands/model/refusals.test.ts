/** What `npm run model` refuses it names, with the cure. */
import { existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { copyModel } from '../../model-copy';
import { type Field, float32, toAttribute, toModel, toNode, toTensorValue } from '../../onnx-file';
import { run, work } from './command';

afterAll(() => rmSync(work, { recursive: true }));

function writeModel(name: string, ...graph: readonly Field[]): string {
  const path = join(work, `${name}.onnx`);
  writeFileSync(path, Buffer.concat(toModel(graph)));
  return path;
}

describe('what cannot be served is refused with its cure', () => {
  const labels: Field = [
    5,
    [
      [1, 'classlabels_strings'],
      [9, 'a'],
      [9, 'b'],
      [20, 8],
    ],
  ];
  const tensorType: Field = [1, [[1, float32]]];
  const sequenceOfMaps: Field = [
    12,
    [
      [1, 'Y'],
      [
        2,
        [
          [
            4,
            [
              [
                1,
                [
                  [
                    5,
                    [
                      [1, 8],
                      [2, [tensorType]],
                    ],
                  ],
                ],
              ],
            ],
          ],
        ],
      ],
    ],
  ];
  const external: Field = [
    5,
    [
      [1, 1],
      [2, float32],
      [8, 'w'],
      [
        13,
        [
          [1, 'location'],
          [2, '../weights.bin'],
        ],
      ],
      [14, 1],
    ],
  ];
  it.each<[string, readonly Field[], RegExp]>([
    [
      'a map of labels',
      [toNode('ZipMap', ['X'], 'Y', [[7, 'ai.onnx.ml'], labels]), toTensorValue(11, 'X', ['rows', 2]), sequenceOfMaps],
      /output Y is a sequence or a map: expected a tensor.*'zipmap': False/,
    ],
    [
      'a datatype that the runtime cannot exchange',
      [
        toNode('Cast', ['X'], 'Y', [toAttribute('to', 16)]),
        toTensorValue(11, 'X', ['rows', 2]),
        toTensorValue(12, 'Y', ['rows', 2], 16),
      ],
      /has an input or output of bfloat16, which ONNX Runtime for Node\.js cannot exchange: cast it to float32/,
    ],
    [
      'weights in files elsewhere',
      [
        toNode('Add', ['X', 'w'], 'Y'),
        external,
        toTensorValue(11, 'X', ['rows', 1]),
        toTensorValue(12, 'Y', ['rows', 1]),
      ],
      /keeps tensors in "\.\.\/weights\.bin": expected a file beside it.*onnx\.save|Cannot open .*weights\.bin/,
    ],
  ])('%s', async (title, graph, message) => {
    const out = join(work, 'refused');
    const { code, errors } = await run('inspect', writeModel(title.replaceAll(' ', '-'), ...graph), '--out', out);
    expect([code, errors]).toEqual([1, expect.stringMatching(message)]);
    expect(existsSync(out)).toBe(false);
  });

  it('a file that is no model, and a command that there is not', async () => {
    writeFileSync(join(work, 'text.onnx'), 'no model');
    expect(await run('inspect', 'text.onnx', '--out', 'text')).toMatchObject({
      code: 2,
      errors: 'text.onnx is a text: expected an ONNX file.\n',
    });
    expect(await run('serve')).toMatchObject({
      code: 2,
      errors: expect.stringMatching(/^Unknown subcommand "serve"\.\n\nusage: npm run model/),
    });
    expect(await run('check', '--fast')).toMatchObject({
      code: 2,
      errors: "Unknown option '--fast': expected --quick, --seconds.\n",
    });
    expect(await run('check', 'nowhere')).toMatchObject({
      code: 1,
      output: expect.stringMatching(/FAULT card +.*nowhere does not exist: expected a directory with card\.json/),
    });
  });
});

describe('a check tells what is wrong with a directory', () => {
  const model = copyModel();
  afterAll(() => model.remove());

  it.each<[string, () => void, RegExp]>([
    [
      'weights of another card',
      () => model.write('model.onnx', 'other'),
      /FAULT weights +model\.onnx does not match its card: expected sha256/,
    ],
    [
      'a clone without Git LFS',
      () => model.write('model.onnx', 'version https://git-lfs.github.com/spec/v1\noid sha256:0\nsize 123\n'),
      /FAULT weights +model\.onnx is a pointer of Git LFS: expected the \d+ bytes it stands for\. Run `git lfs pull`/,
    ],
    [
      'samples that are answered otherwise',
      () =>
        model.edit<{ samples: { prediction: object }[] }>('samples.json', ({ samples }) => ({
          samples: samples.map((sample, i) => (i === 3 ? { ...sample, prediction: { label: 'other' } } : sample)),
        })),
      /FAULT samples +1 of \d+ do not match, first sample 3: expected "label" to be the string "other", got the string/,
    ],
    [
      'no samples',
      () => model.write('samples.json', '{"samples":[]}'),
      /FAULT samples +none found: expected at least one/,
    ],
    [
      'a list of samples without its name',
      () => model.write('samples.json', '[]'),
      /FAULT samples +.*samples\.json: expected \{"samples": \[…\]\}, got an array of 0\./,
    ],
    [
      'one sample in place of a list',
      () => model.write('samples.json', '{"samples":{}}'),
      /FAULT samples +.*samples\.json: expected \{"samples": \[…\]\}, got an object as "samples"\./,
    ],
    [
      'a directory in place of model.onnx',
      () => {
        rmSync(join(model.directory, 'model.onnx'));
        mkdirSync(join(model.directory, 'model.onnx'));
      },
      /FAULT weights +.*model\.onnx is a directory: expected a file\./,
    ],
    [
      'a directory in place of samples.json',
      () => {
        rmSync(join(model.directory, 'samples.json'));
        mkdirSync(join(model.directory, 'samples.json'));
      },
      /FAULT samples +.*samples\.json is a directory: expected a file\./,
    ],
    [
      'a label too few',
      () => model.edit<{ labels: string[] }>('card.json', (card) => ({ ...card, labels: card.labels.slice(1) })),
      /FAULT card +The card's output "probabilities" .*expected 2 elements per row, one for each of the card's labels, got 3\./,
    ],
    [
      'a card that breaks its schema',
      () => model.edit<object>('card.json', (card) => ({ ...card, task: 'guess', name: 'a b' })),
      /FAULT card +.*\/name.*\/task/,
    ],
  ])('%s', async (_title, breakIt, message) => {
    breakIt();
    const { code, output } = await run('check', model.directory);
    expect([code, output]).toEqual([1, expect.stringMatching(message)]);
    for (const name of ['model.onnx', 'card.json', 'samples.json']) {
      rmSync(join(model.directory, name), { recursive: true });
      model.restore(name);
    }
  });
});
