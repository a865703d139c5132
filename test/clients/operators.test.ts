/** Operator tests of the onnx package, drawn at random: none is served wrong, and nearly all that the runtime can run are served as they are. */
import '../realm';
import { execFileSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readConfig } from '../../src/config';
import { findMismatch } from '../../src/model/acceptance/golden-samples';
import { predict } from '../../src/model/batching/predict';
import type { Card } from '../../src/model/card/card';
import { createModel } from '../../src/model/model';
import { toError } from '../../src/problem';
import { inTurns } from '../../src/turns';
import { projectDirectory } from '../processes';
import { seed } from '../survive/seed';
import { requirements } from '../tools.cjs';
import { setUpPython } from './python';

/** `OPERATORS=300` draws more. */
const count = Number(process.env.OPERATORS ?? 40);
const wantedShare = 0.8;
/** The package compares with this share of a number, or less. */
const tolerance = 0.001;

interface Tensor {
  readonly shape: readonly number[];
  readonly data: unknown;
}

interface Operator {
  readonly name: string;
  readonly inputs?: Readonly<Record<string, Tensor>>;
  readonly outputs?: Readonly<Record<string, Tensor>>;
}

type Drawn = Required<Operator>;

// As built: it starts processes of its own.
const { inspect } = require(
  join(projectDirectory, 'dist/commands/model/inspect.js'),
) as typeof import('../../src/commands/model/inspect');

const python = setUpPython(requirements.foreignModels);
const work = mkdtempSync(join(tmpdir(), 'operators-'));
afterAll(() => rmSync(work, { recursive: true }));

function draw(program: string): readonly Operator[] {
  execFileSync(program, [join(__dirname, 'foreign-models/operators.py'), work, String(count), String(seed)]);
  return JSON.parse(readFileSync(join(work, 'operators.json'), 'utf8')) as readonly Operator[];
}

/** Members of the card as a person would complete them; all outputs by name. */
function complete(document: Card): Card {
  const { labels: _, ...card } = JSON.parse(JSON.stringify(document).replaceAll('TODO', 'Done')) as Card;
  return {
    ...card,
    task: 'tensors',
    tolerance,
    outputs: card.outputs.map((output) => ({ ...output, role: 'tensor' })),
  };
}

function toSamples({ runs, features, outputs, inputs }: Card, operator: Drawn) {
  const rows = runs === 'single' ? 1 : (operator.inputs[inputs[0]?.name ?? '']?.shape[0] ?? 0);
  const partOf = ({ data }: Tensor, row: number) => (runs === 'single' ? data : (data as readonly unknown[])[row]);
  return Array.from({ length: rows }, (_each, row) => ({
    instance: features.map(({ input, column, shape }) => {
      const part = partOf(operator.inputs[input] as Tensor, row);
      return shape === undefined ? [part].flat(Number.POSITIVE_INFINITY)[column] : withDepth(part, shape.length);
    }),
    prediction: Object.fromEntries(outputs.map(({ name }) => [name, partOf(operator.outputs[name] as Tensor, row)])),
  }));
}

/** Callers leave out a batch of one. */
function withDepth(value: unknown, depth: number): unknown {
  let levels = 0;
  for (let each = value; Array.isArray(each); [each] = each) levels++;
  return levels > depth ? withDepth((value as readonly unknown[])[0], depth) : value;
}

/** Whether the golden answers come back: "right", "wrong", or why the model is refused. */
async function serve(operator: Drawn): Promise<string> {
  const out = join(work, operator.name);
  const path = join(work, `${operator.name}.onnx`);
  const draft = { shapes: new Map(), limits: new Map(), isSingle: false };
  try {
    await inspect({ path, out, force: false, draft });
  } catch (failure) {
    return toError(failure).message.includes('can load')
      ? 'the runtime cannot load it'
      : `inspect: ${toError(failure).message}`;
  }
  const document = complete(JSON.parse(readFileSync(join(out, 'card.json'), 'utf8')) as Card);
  const samples = toSamples(document, operator);
  writeFileSync(join(out, 'card.json'), JSON.stringify(document));
  writeFileSync(join(out, 'samples.json'), JSON.stringify({ samples }));
  try {
    return await ask(out, samples);
  } catch (failure) {
    const { message, cause } = toError(failure);
    return `load: ${cause === undefined ? message : toError(cause).message}`;
  }
}

async function ask(directory: string, samples: ReturnType<typeof toSamples>): Promise<string> {
  const model = createModel(readConfig({ MODEL_DIR: directory, LOAD_RETRY_MS: '0' }));
  try {
    const rows = await inTurns(
      model.contract.readInstances(
        samples.map(({ instance }) => instance),
        '',
      ),
    );
    const outputs = await predict(model.submit, rows, { isGone: () => false });
    const answers = outputs.flatMap(({ tensors, from, to }) =>
      Array.from({ length: to - from }, (_, i) => JSON.parse(model.write.prediction(tensors, from + i)) as unknown),
    );
    const isRight = samples.every(({ prediction }, i) => findMismatch(prediction, answers[i], tolerance) === undefined);
    return isRight && answers.length === samples.length ? 'right' : 'wrong';
  } finally {
    await model.release();
  }
}

describe('operators', () => {
  if ('missing' in python) {
    test.skip(`are not run: ${python.missing}`, () => undefined);
    return;
  }

  test(`are served right or refused (FUZZ_SEED=${seed}, OPERATORS=${count})`, async () => {
    const outcomes = new Map<string, string>();
    for (const operator of draw(python.python)) {
      const { inputs, outputs } = operator;
      if (inputs !== undefined && outputs !== undefined)
        outcomes.set(operator.name, await serve({ ...operator, inputs, outputs }));
    }
    const named = (wanted: string) => [...outcomes].filter(([, outcome]) => outcome === wanted).map(([name]) => name);
    expect(named('wrong')).toEqual([]);
    const able = outcomes.size - named('the runtime cannot load it').length;
    const refused = [...outcomes].filter(([, outcome]) => /^(?:inspect|load): /.test(outcome));
    expect(able).toBeGreaterThan(count / 2);
    expect({
      share: named('right').length / able > wantedShare,
      refused: named('right').length / able > wantedShare ? [] : refused,
    }).toEqual({ share: true, refused: [] });
  });
});
