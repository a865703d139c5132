/**
 * Jest runs tests in a realm of its own, while the arrays that native modules make belong to the process's realm:
 * `instanceof` must see one kind of array, as it does outside of Jest. Runs before each file of tests.
 */
import { runInThisContext } from 'node:vm';

const typedArrays = [
  'Int8Array',
  'Uint16Array',
  'Int16Array',
  'Uint32Array',
  'Int32Array',
  'BigUint64Array',
  'BigInt64Array',
  'Float32Array',
  'Float64Array',
];

for (const name of typedArrays) Object.assign(globalThis, { [name]: runInThisContext(name) as unknown });
