/** Directories of the project, seen from the built commands. */
import { join } from 'node:path';

export const root = join(__dirname, '../../..');
export const dist = join(root, 'dist');
export const packages = join(root, 'node_modules');
export const framework = '@google-cloud/functions-framework';
export const runtime = 'onnxruntime-node';
