/** Schemas of inference requests, responses and Triton settings. */
import type { Card } from '../../model/card/card';
import { endDatatypeOf, findErrors, type KnownErrors } from '../../model/predictions/uncertainty';
import { datatypes } from '../../model/tensors/datatypes';
import { rowSizes, type TensorSpec } from '../../model/tensors/tensors';
import { either, fixedBoolean, hasAll, type Json, ref } from '../../openapi/json-schema';
import { coverageParameter } from '../../openapi/prediction-schemas';
import { classesDatatype } from './classification';

const text = { type: 'string' };
const flag = { type: 'boolean' };
const count = { type: 'integer', minimum: 0 };
const parameters = { type: ['object', 'null'] };

export function tensorSchemas(card: Card): Json {
  const { outputs } = card;
  const errors = findErrors(card);
  return {
    ...inputSchemas(card),
    InferenceOutput: {
      type: 'object',
      required: ['name'],
      properties: {
        name: { enum: outputs.map(({ name }) => name) },
        parameters: {
          ...parameters,
          properties: { binary_data: flag, classification: { type: 'integer', minimum: 1 } },
        },
      },
    },
    InferenceRequest: {
      type: 'object',
      required: ['inputs'],
      properties: {
        id: { type: ['string', 'null'] },
        parameters: { ...parameters, properties: { binary_data_output: flag, ...coverageParameter(card) } },
        inputs: { type: 'array', minItems: 1, items: { anyOf: ['InferenceTensor', 'InferenceColumn'].map(ref) } },
        outputs: { type: ['array', 'null'], items: ref('InferenceOutput') },
      },
    },
    InferenceColumn: columnSchema(card),
    InferenceAnswer: {
      type: 'object',
      required: ['model_name', 'model_version', 'outputs'],
      properties: {
        id: text,
        model_name: text,
        model_version: text,
        ...(errors && { parameters: setParameters }),
        outputs: {
          type: 'array',
          items: { anyOf: [...outputs.map(outputSchema), ...(errors ? [setSchema(errors)] : [])] },
        },
      },
    },
  };
}

/** One named schema per input: client generators do not handle unions of anonymous schemas. */
function inputSchemas(card: Card): Json {
  const description =
    'Data in row-major order, flat or nested. In `application/octet-stream`, bytes after the JSON replace it.';
  const schemas = card.inputs.map((spec): Json => ({ description, ...sentSchema(spec, card) }));
  const [only, ...others] = schemas;
  if (others.length === 0) return { InferenceTensor: only };
  const named = Object.fromEntries(schemas.map((schema, i) => [`InferenceTensor${i + 1}`, schema]));
  return { ...named, InferenceTensor: either(Object.keys(named).map(ref)) };
}

/** A column of a data frame, named by its feature. */
function columnSchema({ features }: Card): Json {
  const shape = {
    type: 'array',
    items: count,
    minItems: 1,
    maxItems: 2,
    prefixItems: [{ type: 'integer', minimum: 1 }, { const: 1 }],
  };
  return {
    description: 'The values of one feature, as a data frame has them.',
    type: 'object',
    required: ['name', 'shape', 'datatype', 'data'],
    properties: {
      name: { enum: features.map(({ name }) => name) },
      datatype: { enum: Object.keys(datatypes) },
      shape,
      data: { type: 'array', items: {} },
      parameters: { ...parameters, properties: {} },
    },
  };
}

function sentSchema(spec: TensorSpec, { features }: Card): Json {
  const { name, datatype } = spec;
  const sizes = rowSizes(spec);
  const isNullable = features.some(({ input, nullable }) => input === name && nullable === true);
  const { valueSchema } = datatypes[datatype];
  const element = { type: isNullable ? [valueSchema.type, 'null'] : valueSchema.type };
  const rows = spec.isSingle === true ? [] : [{ type: 'integer', minimum: 1 }];
  const prefixItems = [...rows, ...sizes.map((size) => (size === -1 ? count : { const: size }))];
  const shape = { type: 'array', items: count, minItems: prefixItems.length, maxItems: prefixItems.length };
  return {
    type: 'object',
    required: ['name', 'shape', 'datatype', 'data'],
    properties: {
      name: { enum: [name] },
      datatype: { enum: [datatype] },
      shape: prefixItems.length === 0 ? shape : { ...shape, prefixItems },
      // Flat, or nested to any depth: beyond the first level the schema only requires arrays.
      data: { type: 'array', items: either([element, { type: 'array', items: {} }]) },
      parameters: { ...parameters, properties: {} },
    },
    // `binary_data_size` belongs to a binary body, which is not JSON.
    not: { required: ['parameters'], properties: { parameters: { type: 'object', ...hasAll(['binary_data_size']) } } },
  };
}

/** An output as JSON, as binary data, or as classes. */
function outputSchema({ name, datatype }: TensorSpec): Json {
  return {
    type: 'object',
    required: ['name', 'shape', 'datatype'],
    properties: {
      name: { enum: [name] },
      shape: { type: 'array', items: count },
      datatype: { enum: [...new Set([datatype, classesDatatype])] },
      data: { type: 'array', items: { anyOf: [datatypes[datatype].answerSchema, text] } },
      parameters: { type: 'object' },
    },
  };
}

/** What is answered to a coverage, beside the outputs of the model. */
const setParameters: Json = {
  description: 'The coverage of the sets, and why they may cover less.',
  type: 'object',
  properties: { coverage: { type: 'number' }, calibration_rows: { type: 'integer' }, coverage_warning: text },
};

function setSchema({ setName, output }: KnownErrors): Json {
  if (setName === 'label_set') return outputSchema({ ...output, name: setName, datatype: 'BOOL' });
  return outputSchema({ ...output, name: setName, datatype: endDatatypeOf(output) });
}

/** Fixed settings: an update may only repeat the value, or send null. */
export function settingsSchemas(settings: Readonly<Record<string, unknown>>): { answer: Json; update: Json } {
  const entries = Object.entries(settings);
  const answer = entries.map(([name, value]) => [name, fixedSchema(value)]);
  const update = entries.map(([name, value]) => [name, either([fixedSchema(value), { type: 'null' }])]);
  return {
    answer: { type: 'object', required: Object.keys(settings), properties: Object.fromEntries(answer) },
    update: { type: 'object', properties: Object.fromEntries(update), additionalProperties: false },
  };
}

function fixedSchema(value: unknown): Json {
  if (typeof value === 'boolean') return fixedBoolean(value);
  if (!Array.isArray(value)) return { type: typeof value === 'number' ? 'integer' : 'string', enum: [value] };
  const items = { type: 'string', enum: value };
  return { type: 'array', items, minItems: value.length, maxItems: value.length };
}
