/** Cards and contracts of models that exist as signatures only. */
import type { Card, Feature } from '../../src/model/card/card';
import { compileValidators } from '../../src/model/instances/compile';
import { type Contract, createContract } from '../../src/model/instances/contract';
import type { TensorSpec, Tensors } from '../../src/model/tensors/tensors';
import { Problem } from '../../src/problem';
import { inTurns } from '../../src/turns';

export type Signature = Pick<Card, 'inputs' | 'features'> & Partial<Pick<Card, 'outputs' | 'labels' | 'task'>>;

const sha256 = '0'.repeat(64);

/** A whole card, as the schema of cards wants it, around a signature. */
export function createCard(signature: Signature): Card {
  const card = {
    name: 'signature',
    version: '1',
    title: 'A signature',
    description: 'Has no weights.',
    intendedUse: 'Tests.',
    limits: [],
    task: 'regression' as const,
    weights: { file: 'model.onnx', sha256, bytes: 1, opset: 17, irVersion: 8 },
    outputs: [{ name: 'variable', datatype: 'FP32', shape: [-1, 1], role: 'value' }] as const,
    evaluation: { method: 'none', rows: 1, rootMeanSquaredError: 0, accuracy: 0, confusionMatrix: [] },
    data: { name: 'None', source: 'none', rows: 1, trainingRows: 1, sha256, canonicalForm: 'none' },
    training: { estimator: 'none', parameters: {}, seed: 0, environment: { python: '3' } },
  };
  return { ...card, ...signature };
}

/** Features in one FP32 matrix, in order. */
export function createMatrixCard(names: readonly string[], unit?: string): Card {
  const input: TensorSpec = { name: 'X', datatype: 'FP32', shape: [-1, names.length] };
  return createCard({ inputs: [input], features: names.map((name, column) => feature(name, 'X', column, unit)) });
}

export function feature(name: string, input: string, column: number, unit?: string): Feature {
  return { name, description: `What ${name} is.`, input, column, ...(unit === undefined ? {} : { unit }) };
}

export interface Reader {
  readonly contract: Contract;
  /** What the contract makes of instances that stand under `/instances`. */
  read(instances: unknown): Promise<Tensors | Problem>;
  /** The input tensors as plain arrays; throws the problem of instances that are refused. */
  tensors(instances: unknown): Promise<unknown[][]>;
  /** The problem of instances that must be refused. */
  problem(instances: unknown): Promise<Problem>;
}

export function createReader(card: Card): Reader {
  const file = { card, document: card, bytes: Buffer.alloc(0), sha256 };
  const contract = createContract(card, '', compileValidators(file));

  async function read(instances: unknown): Promise<Tensors | Problem> {
    try {
      return await inTurns(contract.readInstances(instances, '/instances'));
    } catch (failure) {
      if (failure instanceof Problem) return failure;
      throw failure;
    }
  }

  async function tensors(instances: unknown): Promise<unknown[][]> {
    const outcome = await read(instances);
    if (outcome instanceof Problem) throw outcome;
    return outcome.data.map((values) => [...values]);
  }

  async function problem(instances: unknown): Promise<Problem> {
    const outcome = await read(instances);
    if (outcome instanceof Problem) return outcome;
    throw new Error('The instances were taken.');
  }

  return { contract, read, tensors, problem };
}
