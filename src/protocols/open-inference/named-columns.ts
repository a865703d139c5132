/** Tensors named by features, a column each, as MLServer's PandasCodec writes a data frame. */
import { invalidInput } from '../../model/instances/contract';
import type { Model } from '../../model/model';
import { type Datatype, datatypes, isDatatype } from '../../model/tensors/datatypes';
import type { TensorSpec, Tensors } from '../../model/tensors/tensors';
import { Problem } from '../../problem';
import type { Work } from '../../turns';
import { instancesOf } from '../shared/columns';
import { expected, invalid } from '../shared/faults';
import { decodeBinary } from './binary-data';
import { decodeJson } from './json-data';
import type { Promised, SentElements, SentTensor } from './request';

export function* decodeColumns(sent: readonly SentTensor[], model: Model): Work<Tensors> {
  const columns: Record<string, readonly unknown[]> = {};
  for (const tensor of sent) {
    if (Object.hasOwn(columns, tensor.name))
      throw invalid(tensor.pointer, `expected the column ${tensor.name} once, got it twice`);
    columns[tensor.name] = yield* decodeColumn(tensor, model);
  }
  const rows = yield* instancesOf(model, columns, '/inputs');
  try {
    return yield* model.contract.readInstances(rows, '/inputs');
  } catch (failure) {
    throw pointAtTensors(failure, sent);
  }
}

function* decodeColumn({ pointer, name, datatype, shape, data }: SentTensor, { checkRows }: Model): Work<unknown[]> {
  const [rows = 0, ...rest] = shape;
  if (!isDatatype(datatype)) throw expected(`${pointer}/datatype`, 'a datatype of the protocol', datatype);
  if (shape.length === 0 || rest.some((size) => size !== 1))
    throw invalid(
      `${pointer}/shape`,
      `${name}: expected a column of shape [rows] or [rows,1], got [${shape.slice(0, 20)}]`,
    );
  const spec = { name, datatype, shape: [-1] };
  const promised = { count: rows, check: () => checkRows(rows) };
  const elements = yield* Array.isArray(data)
    ? decodeJson(spec, promised, data, `${pointer}/data`, datatypes[datatype].kind === 'number')
    : decodeOther(data as Buffer | SentElements, spec, promised, pointer);
  return Array.from(elements as ArrayLike<unknown>, (element) => toValue(element, datatype));
}

function decodeOther(data: Buffer | SentElements, spec: TensorSpec, promised: Promised, pointer: string) {
  return Buffer.isBuffer(data) ? decodeBinary(spec, promised, data, pointer) : data.read(spec, promised, pointer);
}

/** As an instance would have it: a missing number is null. */
function toValue(element: unknown, datatype: Datatype): unknown {
  if (datatypes[datatype].kind === 'boolean') return element !== 0;
  if (typeof element === 'bigint') return Number(element);
  return Number.isNaN(element) ? null : element;
}

/** Points faults of instances, `/inputs/row/feature`, at elements of the tensors. */
function pointAtTensors(failure: unknown, sent: readonly SentTensor[]): unknown {
  if (!(failure instanceof Problem && failure.errors !== undefined)) return failure;
  return invalidInput(
    failure.errors.map(({ pointer, detail }) => {
      const [, , row, name] = pointer.split('/');
      const tensor = sent.find((each) => each.name === name);
      return { pointer: tensor === undefined ? '/inputs' : `${tensor.pointer}/data/${row}`, detail };
    }),
  );
}
