/** `adapt`: frees or fixes sizes of an ONNX file for people who have only the file, and proves that its answers stay the same. */
import { copyFileSync, mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import type { Signature, ValueMetadata } from '../../../model/runtime/signature';
import { type Datatype, datatypeOf } from '../../../model/tensors/datatypes';
import type { TensorSpec } from '../../../model/tensors/tensors';
import { inspectWeights } from '../../../model/weights/weights';
import { UsageError } from '../../command-line.cjs';
import { requireReplaceable } from '../../named-paths';
import { openFile } from '../../open-file';
import { findAnswer, isRan, runZeros } from '../trials/trial-run';
import { type Shapes, show } from '../trials/wanted-shapes';
import { declareShapes, freeReshapes, type Size } from './edit-shapes';
import { type Proof, prove } from './proof';
import { isFreed, readWanted, rows, type Value, type Wanted } from './wanted-sizes';

export interface AdaptOptions {
  readonly path: string;
  readonly out: string;
  readonly force: boolean;
  readonly shapes: Shapes;
}

/** Returns a report. Throws, and writes nothing, when the file cannot be adapted so. */
export async function adapt({ path, out, force, shapes }: AdaptOptions): Promise<readonly string[]> {
  if (resolve(path) === resolve(out)) throw new UsageError(`Expected another file than ${path} to write to.`);
  requireReplaceable(out, force);
  const signature = await readSignature(path);
  const wanted = readWanted(signature.inputs, shapes);
  const specs = findSpecs(path, wanted);
  mkdirSync(dirname(resolve(out)), { recursive: true });
  const others = copyOthers(path, out);
  const trial = `${out}.trial.onnx`;
  try {
    const proof = write(path, trial, { wanted, specs, outputs: signature.outputs });
    renameSync(trial, out);
    return [
      ...wanted.inputs.map(({ value, sizes }) => `input     ${value.name} ${show(value.shape)} → ${show(sizes)}`),
      `proven    by ${proof.runs} runs on random values: answers are those of the original, largest difference ${proof.difference.toExponential(1)}`,
      `wrote     ${[out, ...others].join(', ')}`,
      '',
      `Next: npm run model -- inspect ${out}`,
    ];
  } finally {
    rmSync(trial, { force: true });
  }
}

async function readSignature(path: string): Promise<Signature> {
  const opened = await openFile(path);
  await opened.release();
  return opened;
}

/** The inputs in sizes that the original takes, with those that are to be fixed. */
function findSpecs(path: string, { inputs }: Wanted): readonly TensorSpec[] {
  const values = inputs.map(({ value, sizes }): Value => {
    if (datatypeOf(value.type) === undefined)
      throw new Error(
        `The input ${value.name} has the datatype ${value.type}, which ONNX Runtime for Node.js cannot exchange.`,
      );
    return { ...value, shape: value.shape.map((size, i) => (typeof size === 'number' ? size : (sizes[i] ?? size))) };
  });
  const { answer } = findAnswer(path, values, true);
  if (answer === undefined)
    throw new Error(
      `${path} ran with none of the sizes that were tried for its free ones: fix them, as in --shape ${values[0]?.name}=1,3,224,224.`,
    );
  return values.map(({ name, type }, i) => ({
    name,
    datatype: datatypeOf(type) as Datatype,
    shape: answer.sizes[i] ?? [],
    isSingle: true,
  }));
}

/** Files that hold tensors have to lie beside the weights. */
function copyOthers(path: string, out: string): readonly string[] {
  const { otherFiles } = inspectWeights(readFileSync(path));
  if (dirname(resolve(path)) === dirname(resolve(out))) return [];
  return otherFiles.map((file) => {
    if (file !== basename(file) || file === '')
      throw new Error(`The model keeps tensors in ${JSON.stringify(file)}: expected a file beside it.`);
    const copy = join(dirname(out), file);
    copyFileSync(join(dirname(path), file), copy);
    return copy;
  });
}

interface Plan {
  readonly wanted: Wanted;
  readonly specs: readonly TensorSpec[];
  readonly outputs: readonly ValueMetadata[];
}

/** Writes what is proven first: the declared sizes alone, or the sizes within the graph, too. */
function write(path: string, trial: string, plan: Plan): Proof {
  const { wanted, specs } = plan;
  const original = readFileSync(path);
  const inputs = new Map(wanted.inputs.map(({ value, sizes }) => [value.name, sizes]));
  const declared = declareShapes(original, inputs);
  const attempts = wanted.batch === undefined ? [declared] : [declared, freeReshapes(declared, wanted.batch)];
  const failures: string[] = [];
  for (const bytes of attempts) {
    try {
      writeFileSync(trial, bytes);
      const proof = prove(path, trial, specs, wanted.joined);
      proveOtherSizes(trial, plan);
      writeFileSync(trial, declareShapes(bytes, new Map([...inputs, ...outputSizes(proof, plan)])));
      return proof;
    } catch (failure) {
      failures.push((failure as Error).message);
    }
  }
  throw new Error(
    `${path} cannot be adapted: ${failures.at(-1)}. ` +
      'Export it again with these sizes dynamic, or serve it as it is: npm run model -- inspect FILE --single.',
  );
}

/** Sizes that are freed beside the rows must run when they are others. */
function proveOtherSizes(trial: string, { wanted: { inputs }, specs }: Plan): void {
  const larger = specs.map((spec, input) => ({
    ...spec,
    shape: spec.shape.map((size, i) => {
      const { value, sizes } = inputs[input] as Wanted['inputs'][number];
      return i > 0 && isFreed(value.shape[i], sizes[i]) ? size * 2 : size;
    }),
  }));
  if (String(larger.map(({ shape }) => shape)) === String(specs.map(({ shape }) => shape))) return;
  if (isRan(runZeros(trial, [larger], 'all')[0])) return;
  throw new Error(`it does not run with ${larger.map(({ name, shape }) => `${name} ${show(shape)}`).join(', ')}`);
}

/** What the runs showed of outputs; nothing of those whose sizes depend on free ones. */
function outputSizes({ dims }: Proof, { wanted, outputs }: Plan): ReadonlyMap<string, readonly Size[]> {
  const isFixed = wanted.inputs.every(({ sizes }) => sizes.slice(1).every((size) => typeof size === 'number'));
  return new Map(
    dims.map(([name, sizes]) => [
      name,
      sizes.map((size, i) => {
        if (i === 0 && (wanted.batch !== undefined || countsRows(outputs.find((output) => output.name === name))))
          return rows;
        return isFixed ? size : `${name}_${i}`;
      }),
    ]),
  );
}

function countsRows(output: ValueMetadata | undefined): boolean {
  return output?.isTensor === true && typeof output.shape[0] === 'string';
}
