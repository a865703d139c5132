/** The inference session: the card's weights in ONNX Runtime. The only file that uses onnxruntime-node. */
import type { InferenceSession, Tensor } from 'onnxruntime-node';
import type { RunModel } from '../batching/runner';
import type { Card } from '../card/card';
import { datatypes } from '../tensors/datatypes';
import { toOutputs } from '../tensors/outputs';
import { createTensors, type Elements, isFree, type Tensors } from '../tensors/tensors';
import { readWeights } from '../weights/weights';
import { createGroupRun, type Feed, isPlain } from './group-run';
import { checkSignature, type Signature } from './signature';

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

/** Log severities of ONNX Runtime. */
const [onlyErrors, silent] = [3, 4] as const;

type RunOptions = InferenceSession.RunOptions;

export interface Result {
  readonly dims: readonly number[];
  /** As the runtime gives them: halves as their bits. */
  readonly data: ArrayLike<number | bigint | string>;
}

export interface OpenedWeights extends Signature {
  /** Runs the weights once and gives each output that is a tensor, by name. */
  run(feeds: readonly Feed[]): Promise<ReadonlyMap<string, Result>>;
  release(): Promise<void>;
}

/** Opens weights without a card, to look at them. Throws when they are not ONNX. */
export async function openWeights(path: string): Promise<OpenedWeights> {
  const runtime = loadRuntime();
  const session = await runtime.InferenceSession.create(path, { logSeverityLevel: silent });
  const { inputMetadata: inputs, outputMetadata: outputs } = session;
  const tensors = outputs.filter(({ isTensor }) => isTensor).map(({ name }) => name);
  return {
    inputs,
    outputs,
    async run(feeds) {
      const results = await session.run(toNamedTensors(runtime, feeds), tensors, { logSeverityLevel: silent });
      return new Map(
        Object.entries(results).map(([name, { dims, data }]) => [name, { dims, data: data as Result['data'] }]),
      );
    },
    release: () => session.release(),
  };
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
  checkSignature(card, { inputs: session.inputMetadata, outputs: session.outputMetadata });
  const outputNames = card.outputs.map(({ name }) => name);
  const createRun = isPlain(card) ? createJoinedRun : createRunOfGroups;

  function createJoinedRun(options: RunOptions): RunModel {
    const placeholders = toFeeds(createTensors(card.inputs, 1));
    return async (collect) => {
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
    };
  }

  function toFeeds(inputs: Tensors): Record<string, Tensor> {
    return toNamedTensors(
      runtime,
      card.inputs.map((spec, i) => ({
        spec,
        shape: [inputs.rows, ...spec.shape.slice(1)],
        data: inputs.data[i] as Elements,
      })),
    );
  }

  function createRunOfGroups(options: RunOptions): RunModel {
    return createGroupRun(card, (feeds) => session.run(toNamedTensors(runtime, feeds), outputNames, options));
  }

  // What callers choose may fail: they are told, and the log is not.
  const isChosen = card.inputs.some(isFree);
  return {
    run: createRun(isChosen ? { logSeverityLevel: silent } : {}),
    attempt: createRun({ logSeverityLevel: silent }),
    sizesDependOnData: sizesDependOnData && card.runs !== 'single',
    release: () => session.release(),
  };
}

type Runtime = typeof import('onnxruntime-node');

function toNamedTensors(runtime: Runtime, feeds: readonly Feed[]): Record<string, Tensor> {
  return Object.fromEntries(feeds.map((feed) => [feed.spec.name, toTensor(runtime, feed)]));
}

function toTensor(runtime: Runtime, { spec: { datatype }, shape, data }: Feed): Tensor {
  const { packing, runtime: type } = datatypes[datatype];
  if (packing === undefined) return new runtime.Tensor(type, data, shape) as Tensor;
  // Where Node.js has a Float16Array, the library makes one, which its native part cannot read; bits are read everywhere.
  const bits = new runtime.Tensor('uint16', packing.pack(data as Float32Array), shape);
  return Object.defineProperty(bits, 'type', { value: type });
}

function loadRuntime(): Runtime {
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
