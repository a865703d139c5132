/** Opens an ONNX file that the command line names; a file that cannot be served is refused with its reason. */
import { type OpenedWeights, openWeights } from '../model/runtime/session';
import { UsageError } from './command-line.cjs';
import { recognize } from './foreign-files.cjs';
import { requireFile } from './named-paths';

/** Of ONNX, by number. */
const rareDatatypes: Readonly<Record<string, string>> = { 14: 'complex64', 15: 'complex128', 16: 'bfloat16' };
/** Protocol Buffers have no longer messages. */
const mostBytes = 2 ** 31 - 1;

export async function openFile(path: string): Promise<OpenedWeights> {
  const { size } = requireFile(path);
  const what = recognize(path);
  if (what !== undefined) throw new UsageError(`${path} is ${what}: expected an ONNX file.`);
  if (size > mostBytes)
    throw new UsageError(
      `${path} has ${size} bytes: expected at most ${mostBytes}, as ONNX allows. Save its tensors in a file beside it: onnx.save(…, save_as_external_data=True).`,
    );
  return openWeights(path).catch(({ message }: Error) => {
    throw new Error(`Cannot open ${path}: ${describeRefusal(message, size)}`);
  });
}

function describeRefusal(message: string, size: number): string {
  if (message.endsWith('Protobuf parsing failed.'))
    return `expected an ONNX file, got ${size} bytes of another format, or a file that is damaged or cut short: compare its size with the original, and download or export it again.`;
  const [, code] = /Unsupported data type: (\d+)/.exec(message) ?? [];
  if (code !== undefined)
    return `it has an input or output of ${rareDatatypes[code] ?? `datatype ${code}`}, which ONNX Runtime for Node.js cannot exchange: cast it to float32 in the model.`;
  // ONNX Runtime adds the place in its own sources.
  const reason = message.replace(/^Load model from .* failed:/, '').replace(/\/onnxruntime_src\/.*?\) (?=[A-Z])/, '');
  return `expected a model that ONNX Runtime can load, got the error: ${reason.trim()}`;
}
