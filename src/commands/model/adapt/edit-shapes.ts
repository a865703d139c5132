/** Changes the shapes that an ONNX file declares for its inputs and outputs, and the batch that its reshapes hold. */
import { bytesField, contentsOf, type Edit, editMessage, textsOf, varintField } from './edit-message';
import { editTensor } from './edit-tensor';

/** A size, or the name of one that is free. */
export type Size = number | string;
export type Sizes = ReadonlyMap<string, readonly Size[]>;

/** Field numbers of onnx.proto. */
const model = { graph: 7 };
const graph = { node: 1, initializer: 5, input: 11, output: 12, within: 13 };
const valueInfo = { name: 1, type: 2 };
const type = { tensor: 1 };
const tensorType = { shape: 2 };
const shape = { dim: 1 };
const dimension = { value: 1, parameter: 2 };
const node = { input: 1, output: 2, operator: 4, attribute: 5 };
const attribute = { tensor: 5 };
const tensorName = 8;

/** Its second input is the shape of the result. */
const shaping = 'Reshape';

function editGraph(bytes: Uint8Array, edits: Readonly<Record<number, Edit>>): Uint8Array {
  return editMessage(bytes, { [model.graph]: (content) => editMessage(content, edits) });
}

/**
 * Declares these shapes for inputs and outputs, by name; the shape of an output that is not named is no longer declared.
 *
 * Shapes within the graph are left out: the runtime finds them.
 */
export function declareShapes(bytes: Uint8Array, sizes: Sizes): Uint8Array {
  return editGraph(bytes, {
    [graph.input]: (content) => declare(content, sizes.get(nameOf(content)), true),
    [graph.output]: (content) => declare(content, sizes.get(nameOf(content)), false),
    [graph.within]: () => undefined,
  });
}

const nameOf = (content: Uint8Array) => textsOf(content, valueInfo.name)[0] ?? '';

function declare(content: Uint8Array, sizes: readonly Size[] | undefined, isKept: boolean): Uint8Array {
  if (sizes === undefined && isKept) return content;
  const withShape: Edit = (tensor) => {
    const without = editMessage(tensor, { [tensorType.shape]: () => undefined });
    return sizes === undefined ? without : Buffer.concat([without, bytesField(tensorType.shape, toShape(sizes))]);
  };
  return editMessage(content, { [valueInfo.type]: (each) => editMessage(each, { [type.tensor]: withShape }) });
}

function toShape(sizes: readonly Size[]): Buffer {
  const dims = sizes.map((size) =>
    typeof size === 'number' ? varintField(dimension.value, size) : bytesField(dimension.parameter, size),
  );
  return Buffer.concat(dims.map((dim) => bytesField(shape.dim, dim)));
}

/** Lets constant shapes that begin with the fixed batch take as many rows as come. */
export function freeReshapes(bytes: Uint8Array, batch: number): Uint8Array {
  const shapes = findShapes(bytes);
  const free: Edit = (tensor) => editTensor(tensor, (content) => freeFirst(content, batch));
  return editGraph(bytes, {
    [graph.initializer]: (tensor) => (shapes.has(textsOf(tensor, tensorName)[0] ?? '') ? free(tensor) : tensor),
    [graph.node]: (content) => {
      const isShape =
        textsOf(content, node.operator)[0] === 'Constant' && shapes.has(textsOf(content, node.output)[0] ?? '');
      if (!isShape) return content;
      return editMessage(content, { [node.attribute]: (each) => editMessage(each, { [attribute.tensor]: free }) });
    },
  });
}

/** Names of tensors that are nothing but the shape of a result. */
function findShapes(bytes: Uint8Array): ReadonlySet<string> {
  const shapes = new Set<string>();
  const others = new Set<string>();
  for (const content of contentsOf(contentsOf(bytes, model.graph)[0] ?? new Uint8Array(), graph.node)) {
    const isShaping = textsOf(content, node.operator)[0] === shaping;
    for (const [place, name] of textsOf(content, node.input).entries())
      (isShaping && place === 1 ? shapes : others).add(name);
  }
  for (const name of others) shapes.delete(name);
  return shapes;
}

/** -1 is what the size makes of the rest, 0 the size of what is reshaped; a shape may hold one -1. */
function freeFirst(sizes: readonly number[], batch: number): readonly number[] {
  if (sizes[0] !== batch) return sizes;
  return [sizes.includes(-1) ? 0 : -1, ...sizes.slice(1)];
}
