/** The inference session: weights that are the card's own, opened by ONNX Runtime; the only user of onnxruntime-node. */
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { RunModel } from '../batching/runner';
import type { Card } from '../card/card';
import { toRuntimeType } from '../tensors/datatypes';
import { toOutputs } from '../tensors/outputs';
import { createTensors, type TensorData, type TensorSpec, type Tensors } from '../tensors/tensors';
import { readWeights } from '../weights/weights';

export interface Session {
  /**
   * Runs the model once on what `collect` gives, which is called at the end of this turn of the event loop.
   * Inputs and outputs are in the order of the card.
   */
  run: RunModel;
  /** A run that may fail: the runtime says nothing of it. */
  attempt: RunModel;
  /** Whether an operator of the model gives as many results as it finds: those of joined rows cannot be told apart. */
  readonly sizesDependOnData: boolean;
  release(): Promise<void>;
}

export interface SessionOptions {
  /** Intra-op threads. More than the instance has cores costs latency: the library's default counts those of the host. */
  readonly threads: number;
}

type RunOptions = InferenceSession.RunOptions;
type ValueMetadata = InferenceSession.ValueMetadata;

/** Severities of the runtime's own log. */
const [onlyErrors, silent] = [3, 4] as const;

/** What weights say of themselves: names, types and shapes of their inputs and outputs, and nothing else. */
export interface Signature {
  readonly inputs: readonly ValueMetadata[];
  readonly outputs: readonly ValueMetadata[];
  /** Version of the runtime that read it. */
  readonly onnxruntime: string | undefined;
}

/** Reads the signature of weights that have no card yet. Throws when they are no ONNX, or keep a part of them in other files. */
export async function readSignature(weights: Uint8Array): Promise<Signature> {
  const runtime = loadRuntime();
  const session = await runtime.InferenceSession.create(weights, { logSeverityLevel: silent });
  const { inputMetadata: inputs, outputMetadata: outputs } = session;
  await session.release();
  return { inputs, outputs, onnxruntime: runtime.env.versions.node };
}

/** Opens the session. Throws when the weights are not the card's, or the version of the runtime or their signature is another. */
export async function openSession(directory: string, card: Card, { threads }: SessionOptions): Promise<Session> {
  const { source, sizesDependOnData } = await readWeights(directory, card);
  const runtime = loadRuntime();
  checkVersion(card, runtime.env.versions.node);
  // Its type takes bytes or a path, but not what may be either.
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

  async function run(collect: () => Tensors, options: RunOptions = {}): Promise<Tensors> {
    const feeds = { ...placeholders };
    let inputs: Tensors | undefined;
    let failure: unknown;
    // The runtime does its work in a setImmediate that it requests below. This one comes before it in the same turn, when
    // all requests of the turn are there; waiting for them first would cost every run a turn more.
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
  // The library looks once, when it opens: its builds for Linux send usage data to their vendor unless this is set.
  process.env.ORT_DISABLE_TELEMETRY = '1';
  // A dynamic import would start Node's loader of ES modules first, for nothing.
  return require('onnxruntime-node');
}

/** The trainer compares the weights under one version of the runtime with what it learned; another may answer otherwise. */
function checkVersion({ training }: Card, serving: string | undefined): void {
  const onnxruntime = training?.environment.onnxruntime;
  if (onnxruntime === undefined || onnxruntime === serving) return;
  throw new Error(
    `The card says that the weights were checked with onnxruntime ${onnxruntime}, but ${serving} would serve them: ` +
      `pin onnxruntime==${serving} where the model is trained and train it again (\`npm run train\`), ` +
      `or install onnxruntime-node ${onnxruntime}.`,
  );
}

function checkSignature(
  kind: 'input' | 'output',
  specs: readonly TensorSpec[],
  actual: readonly ValueMetadata[],
): void {
  const promised = specs.map((spec) => describeTensor(spec.name, toRuntimeType(spec.datatype), spec.shape)).sort();
  const found = actual.map(describeMetadata).sort();
  if (promised.join() === found.join()) return;
  throw new Error(`The card promises the ${kind}s ${promised.join(', ')}; the weights have ${found.join(', ')}.`);
}

function describeMetadata(metadata: ValueMetadata): string {
  if (!metadata.isTensor) return `${metadata.name}: not a tensor`;
  // A free dimension has a name, often an empty one.
  const shape = metadata.shape.map((size) => (typeof size === 'number' ? size : -1));
  return describeTensor(metadata.name, metadata.type, shape);
}

function describeTensor(name: string, type: string, shape: readonly number[]): string {
  return `${name}: ${type}[${shape.join(' ')}]`;
}
