/** Commands read their words alike: what is wrong on a command line ends in one line that says what was expected, with exit code 2. */
import {
  linkSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  truncateSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { deployedDirectory } from '../model-files';
import { projectDirectory } from '../processes';
import { run } from './create/command';

const cwd = mkdtempSync(join(tmpdir(), 'command line '));
const model = `--model=${deployedDirectory}`;
const rows = 'sepal_length,sepal_width,petal_length,petal_width\n5.1,3.5,1.4,0.2\n';

beforeAll(() => {
  mkdirSync(join(cwd, 'empty'));
  mkdirSync(join(cwd, 'nested', 'x.ndjson'), { recursive: true });
  symlinkSync('circle', join(cwd, 'circle'));
  for (const [name, text] of Object.entries({
    'rows.csv': rows,
    'wrong.csv': `${rows}a,b,c,d\n`,
    'torch.onnx': 'PK',
    'notes.onnx': 'Weights: ask Zoë.\n',
    'cut.onnx': '\b\b\u0012\bskl2onnx:',
    'huge.onnx': '\b',
  }))
    writeFileSync(join(cwd, name), text);
  linkSync(join(cwd, 'rows.csv'), join(cwd, 'again.csv'));
  truncateSync(join(cwd, 'huge.onnx'), 2 ** 31);
});
afterAll(() => rmSync(cwd, { recursive: true }));

const programs = {
  model: 'dist/commands/model/main.js',
  predict: 'dist/commands/predict/main.js',
  loop: 'dist/commands/loop/main.js',
  deploy: 'deploy/main.mjs',
  create: 'deploy/create/main.mjs',
  compare: 'docs/compare/compare.mjs',
};
type Command = keyof typeof programs;

const call = (command: Command, ...words: readonly string[]) =>
  run(process.execPath, [join(projectDirectory, programs[command]), ...words], { cwd });

describe.each(Object.keys(programs) as Command[])('npm run %s', (command) => {
  test.each(['-h', '--help'])('-- %s prints the usage', async (word) => {
    const { code, stdout, stderr } = await call(command, word);
    expect([code, stdout, stderr]).toEqual([
      0,
      expect.stringMatching(new RegExp(`^usage: npm run ${command} -- `)),
      '',
    ]);
  });
});

test.each<[Command, readonly string[], string]>([
  ['model', ['check', 'a', 'b'], 'Expected [DIRECTORY], got "a" "b".'],
  ['model', ['check', ''], 'Expected [DIRECTORY], got "".'],
  ['model', ['check', '--quick', '--quick'], '--quick is given more than once: expected it once.'],
  ['model', ['check', '--quick=yes'], '--quick has a value: expected --quick alone.'],
  ['model', ['check', '--seconds'], '--seconds has no value: expected --seconds=VALUE.'],
  ['model', ['check', '--seconds', '--quick'], '--seconds has no value: expected --seconds=VALUE.'],
  ['model', ['check', '--seconds='], '--seconds is empty: expected a value.'],
  ['model', ['check', '--seconds=0'], '--seconds is "0": expected an integer from 1 to 9999.'],
  ['model', ['check', '--force'], "Unknown option '--force': expected --quick, --seconds."],
  ['model', ['inspect'], 'Expected FILE.onnx, got nothing.'],
  ['model', ['inspect', 'gone.onnx'], 'gone.onnx does not exist: expected a file.'],
  ['model', ['inspect', 'empty'], 'empty is a directory: expected a file.'],
  [
    'model',
    ['inspect', 'torch.onnx'],
    'torch.onnx is a ZIP archive, as PyTorch and Keras save models: expected an ONNX file.',
  ],
  ['model', ['inspect', 'notes.onnx'], 'notes.onnx is a text: expected an ONNX file.'],
  [
    'model',
    ['inspect', 'huge.onnx'],
    'huge.onnx has 2147483648 bytes: expected at most 2147483647, as ONNX allows. Save its tensors in a file beside it: onnx.save(…, save_as_external_data=True).',
  ],
  [
    'model',
    ['inspect', 'm.onnx', '--shape=x=1', '--shape=x=2'],
    '--shape has x more than once: expected each input once.',
  ],
  ['model', ['adapt', 'm.onnx'], 'Expected FILE.onnx OUT.onnx, got "m.onnx".'],
  ['predict', ['rows.csv'], 'Expected IN OUT, got "rows.csv".'],
  ['predict', ['rows.csv', 'gone/out.csv'], 'gone: no such file or directory.'],
  ['predict', ['gone.csv', 'out.csv'], 'gone.csv does not exist: expected a file.'],
  [
    'predict',
    ['rows.csv', 'out.txt'],
    '"out.txt" is no name of a table: expected one that ends with .csv, .ndjson, .jsonl, .arrow, .arrows.',
  ],
  ['loop', ['report', ''], 'Expected CAPTURES, got "".'],
  ['loop', ['report', 'gone', model], `${cwd}/gone: no such file or directory.`],
  ['loop', ['report', 'rows.csv', model], `${cwd}/rows.csv: expected a directory, got a file.`],
  ['loop', ['report', 'circle', model], `${cwd}/circle: its symbolic links lead in a circle.`],
  ['loop', ['report', 'empty', model], `Expected files *.ndjson or *.arrows of captures in ${cwd}/empty, got none.`],
  [
    'loop',
    ['report', 'nested', model],
    `${cwd}/nested/x.ndjson is no file: expected files *.ndjson or *.arrows of captures. Move it elsewhere.`,
  ],
  ['loop', ['report', 'empty', '--anyway'], "Unknown option '--anyway': expected --model, --svg, --metrics."],
  ['loop', ['replay', 'empty'], 'replay asks another model: expected --model=DIRECTORY.'],
  ['deploy', ['function', '--project='], '--project is empty: expected a value.'],
  ['deploy', ['function', '--project=a b'], '--project is "a b": expected the ID of a project.'],
  ['deploy', ['function', '--region=nowhere'], '--region is "nowhere": expected a region such as europe-west1.'],
  ['deploy', ['function', '--concurrency=1001'], '--concurrency is "1001": expected an integer from 1 to 1000.'],
  ['deploy', ['service', '--min-instances=11'], '--min-instances is 11: expected at most --max-instances, 10.'],
  ['deploy', ['captures', 'now'], 'Expected options only, got "now".'],
  ['deploy', ['alerts', '--channels='], '--channels is empty: expected a value.'],
  ['deploy', ['smoke-test'], 'Expected URL, got nothing.'],
  ['deploy', ['smoke-test', 'ftp://x'], 'Expected a URL that starts with https:// or http://, got "ftp://x".'],
  ['deploy', ['stack', 'x'], 'Expected options only, got "x".'],
  ['create', ['upgrade', 'a', 'b'], 'Expected [DIRECTORY], got "a" "b".'],
  ['create', ['pack', '--out=x'], "Unknown option '--out': expected no options."],
])('npm run %s -- %j', async (command, words, line) => {
  const { code, stdout, stderr } = await call(command, ...words);
  expect([code, stdout, stderr.trimEnd()]).toEqual([2, '', line]);
});

test('what is no ONNX file, or a part of one, is told from what ONNX Runtime cannot run', async () => {
  const { code, stderr } = await call('model', 'inspect', 'cut.onnx');
  expect([code, stderr]).toEqual([
    1,
    'Cannot open cut.onnx: expected an ONNX file, got 13 bytes of another format, or a file that is damaged or cut short: compare its size with the original, and download or export it again.\n',
  ]);
});

describe('npm run predict', () => {
  test.each(['rows.csv', 'again.csv'])('does not write answers over their rows, by the name %s', async (name) => {
    const { code, stderr } = await call('predict', 'rows.csv', name, '--force', model);
    expect([code, stderr]).toEqual([2, `${name} is the file of the rows: expected another one for the answers.\n`]);
    expect(readFileSync(join(cwd, 'rows.csv'), 'utf8')).toBe(rows);
  });

  test('tells which columns a table may have', async () => {
    writeFileSync(join(cwd, 'typo.csv'), rows.replace('petal_length', 'petal_lenght'));
    const { code, stderr } = await call('predict', 'typo.csv', 'out.csv', model);
    const names = '"sepal_length" or "sepal_width" or "petal_length" or "petal_width"';
    expect([code, stderr]).toEqual([
      1,
      `typo.csv, from row 1 on: Expected columns named ${names}, each once, got "petal_lenght".\n`,
    ]);
  });

  test('leaves no part of a file that no later run goes on with', async () => {
    const { code, stderr } = await call('predict', 'wrong.csv', 'out.csv', model);
    expect([code, stderr]).toEqual([
      1,
      expect.stringMatching(/^wrong\.csv, row 2, .*expected a number, got the string "a"\.\n$/),
    ]);
    expect(() => readFileSync(join(cwd, 'out.csv.part'))).toThrow('ENOENT');
  });
});

test('a deployment that does not answer is told by its address and the reason', async () => {
  const { code, stderr } = await call('deploy', 'smoke-test', 'http://127.0.0.1:1');
  expect([code, stderr]).toEqual([
    1,
    'http://127.0.0.1:1/v2/health/ready did not answer (bad port): expected the address of a deployment that runs.\n',
  ]);
});
