/** What people take for an ONNX file, told by its first bytes. */
const { closeSync, openSync, readSync } = require('node:fs');

const headBytes = 64;

const kinds = /** @type {const} */ ([
  [/^$/, 'empty'],
  [/^PK/, 'a ZIP archive, as PyTorch and Keras save models'],
  [/^\x89HDF/, 'an HDF5 file, as older Keras saves models'],
  [/^\x80/, 'a pickle'],
  [/^\x93NUMPY/, 'a NumPy file'],
  [/^\p{Cc}\x8b/u, 'compressed by gzip, unpack it first'],
  [/^.{4}TFL3/s, 'a TensorFlow Lite file'],
  [/^[^{]{5}\p{Cc}{3}\{"/u, 'a safetensors file, which holds weights without a model'],
  [/^version https:\/\/git-lfs/, 'a pointer of Git LFS, run `git lfs pull`'],
  [/^\s*<(!doctype html|html)/i, 'an HTML page, download the file behind it'],
  // Every ONNX file has control characters in its head, such as the tag of its version.
  [/^(?:[^\p{Cc}]|[\t\n\f\r\x80-\x9f])*$/u, 'a text'],
]);

/**
 * @param {string} path
 * @returns {string | undefined} undefined for what may be an ONNX file
 */
function recognize(path) {
  const head = Buffer.alloc(headBytes);
  const file = openSync(path, 'r');
  try {
    const text = head.subarray(0, readSync(file, head, 0, headBytes, 0)).toString('latin1');
    return kinds.find(([pattern]) => pattern.test(text))?.[1];
  } finally {
    closeSync(file);
  }
}

module.exports = { recognize };
