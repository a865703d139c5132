/** The inference session: the card's weights in ONNX Runtime. The only file that uses onnxruntime-node. */
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { RunModel } from '../batching/runner';
import type { Card } from '../card/card';
import { toRuntimeType } from '../tensors/datatypes';
import { toOutputs } from '../tensors/outputs';
import { createTensors, type TensorData, type TensorSpec, type Tensors } from '../tensors/tensors';
import { readWeights } from '../weights/weights';

export interface Session {
  /** Runs the model once. `collect` is called at the end of this event-loop turn; tensors are in the card's order. */
  run: RunModel;
  /** A run that is expected to fail sometimes: the runtime logs nothing. */
  attempt: RunModel;
  /** Whether an operator's output size depends on the data: results of joined rows cannot be told apart. */
  readonly sizesDependOnData: boolean;
  release(): Promise<void>;
}

export interface SessionOptions {
  /** Intra-op threads. More than the instance's cores add latency; the library's default counts the host's. */
  readonly threads: number;
}

type ValueMetadata = InferenceSession.ValueMetadata;

/** Log severities of ONNX Runtime. */
const [onlyErrors, silent] = [3, 4] as const;

export interface Signature {
  readonly inputs: readonly ValueMetadata[];
  readonly outputs: readonly ValueMetadata[];
  readonly onnxruntime: string | undefined;
}

/** Reads the signature of weights without a card. Throws when they are not ONNX or refer to external files. */
export async function readSignature(weights: Uint8Array): Promise<Signature> {
  const runtime = loadRuntime();
  const session = await runtime.InferenceSession.create(weights, { logSeverityLevel: silent });
  const { inputMetadata: inputs, outputMetadata: outputs } = session;
  await session.release();
  return { inputs, outputs, onnxruntime: runtime.env.versions.node };
}

/** Opens the session. Throws when the weights, their signature or the runtime's version do not match the card. */
export async function openSession(directory: string, card: Card, { threads }: SessionOptions): Promise<Session> {
  const { source, sizesDependOnData } = await readWeights(directory, card);
  const runtime = loadRuntime();
  checkVersion(card, runtime.env.versions.node);
  // The declared type accepts bytes or a path, but not their union.
  const session = await runtime.InferenceSession.create(source as string, {
    intraOpNumThreads: threads,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: onlyErrors,
  });
  checkSignature('input', card.inputs, session.inputMetadata);
  checkSignature('output', card.outputs, session.outputMetadata);
  const outputNames = card.outputs.map(({ name }) => name);
  const placeholders = toFeeds(createTensors(card.inputs, 1));

  async function run(collect: () => Tensors, options: InferenceSession.RunOptions = {}): Promise<Tensors> {
    const feeds = { ...placeholders };
    let inputs: Tensors | undefined;
    let failure: unknown;
    // `session.run` below works in a setImmediate of its own. This one runs just before it in the same turn, when all
    // requests of the turn have arrived; waiting for them first would cost every run another turn.
    setImmediate(() => {
      try {
        inputs = collect();
        if (inputs.rows > 0) Object.assign(feeds, toFeeds(inputs));
      } catch (cause) {
        failure = cause;
      }
    });
    const results = await session.run(feeds, outputNames, options);
    if (inputs === undefined) throw failure ?? new Error('The runtime ran before its inputs were collected.');
    const { rows } = inputs;
    if (rows === 0) return inputs;
    return toOutputs(card.outputs, results, rows);
  }

  function toFeeds(inputs: Tensors): Record<string, Tensor> {
    const tensors = card.inputs.map(({ name, datatype, shape }, i) => {
      const dimensions = [inputs.rows, ...shape.slice(1)];
      return [name, new runtime.Tensor(toRuntimeType(datatype), inputs.data[i] as TensorData, dimensions) as Tensor];
    });
    return Object.fromEntries(tensors) as Record<string, Tensor>;
  }

  const attempt: RunModel = (collect) => run(collect, { logSeverityLevel: silent });
  return { run: (collect) => run(collect), attempt, sizesDependOnData, release: () => session.release() };
}

function loadRuntime(): typeof import('onnxruntime-node') {
  // Read once, on load: without it, Linux builds send usage data to the vendor.
  process.env.ORT_DISABLE_TELEMETRY = '1';
  // A dynamic import would start Node's ES module loader for nothing.
  return require('onnxruntime-node');
}

/** The trainer verified the weights under one version of the runtime; another version may answer differently. */
function checkVersion({ training }: Card, serving: string | undefined): void {
  const onnxruntime = training?.environment.onnxruntime;
  if (onnxruntime === undefined || onnxruntime === serving) return;
  throw new Error(
    `The card's weights were verified with another runtime: expected onnxruntime ${onnxruntime}, got ${serving}. ` +
      `Pin onnxruntime==${serving} for training and train again (\`npm run train\`), ` +
      `or install onnxruntime-node ${onnxruntime}.`,
  );
}

function checkSignature(
  kind: 'input' | 'output',
  specs: readonly TensorSpec[],
  actual: readonly ValueMetadata[],
): void {
  const expected = specs.map((spec) => describeTensor(spec.name, toRuntimeType(spec.datatype), spec.shape)).sort();
  const found = actual.map(describeMetadata).sort();
  if (expected.join() === found.join()) return;
  throw new Error(
    `The ${kind}s of the weights do not match the card: expected ${expected.join(', ')}, got ${found.join(', ')}.`,
  );
}

function describeMetadata(metadata: ValueMetadata): string {
  if (!metadata.isTensor) return `${metadata.name}: not a tensor`;
  // A free dimension is a string, often empty.
  const shape = metadata.shape.map((size) => (typeof size === 'number' ? size : -1));
  return describeTensor(metadata.name, metadata.type, shape);
}

function describeTensor(name: string, type: string, shape: readonly number[]): string {
  return `${name}: ${type}[${shape.join(' ')}]`;
}
