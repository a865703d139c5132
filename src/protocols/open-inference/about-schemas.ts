/** Schemas of what the server and the model say about themselves. */
import { type Json, listOf, record } from '../../openapi/json-schema';

export const text: Json = { type: 'string' };
const integer = { type: 'integer' };
const sizes = listOf(integer);

const tensor = record({ name: text, datatype: text, shape: sizes });
const configured = record({ name: text, data_type: text, dims: sizes });

export const aboutSchemas: Json = {
  ServerMetadata: record({ name: text, version: text, extensions: listOf(text) }),
  ModelMetadata: record({
    name: text,
    versions: listOf(text),
    platform: text,
    inputs: listOf(tensor),
    outputs: listOf(tensor),
  }),
  ModelConfiguration: record({
    name: text,
    platform: text,
    backend: text,
    max_batch_size: integer,
    input: listOf(configured),
    output: listOf(configured),
  }),
  InferenceStatistics: record({ model_stats: listOf({ type: 'object' }) }),
  RepositoryModel: record({ name: text, version: text, state: text }),
};
