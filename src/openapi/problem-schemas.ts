/** The schemas of problem documents. */
import { type ProblemType, problemTypes, toProblemUri } from '../problem';
import { type Json, ref } from './json-schema';

const text = { type: 'string' };

export function problemSchemas(): Json {
  const types = (Object.keys(problemTypes) as ProblemType[]).map(toProblemUri);
  const fault = {
    type: 'object',
    required: ['pointer', 'detail'],
    properties: { pointer: { description: 'JSON Pointer into the body.', ...text }, detail: text },
  };
  return {
    Problem: {
      description: 'Problem details (RFC 9457).',
      type: 'object',
      required: ['type', 'title', 'status', 'detail'],
      properties: {
        type: { enum: types },
        title: text,
        status: { type: 'integer' },
        detail: text,
        errors: { description: 'The first 20 faults.', type: 'array', maxItems: 20, items: fault },
      },
    },
    ErrorProblem: problemWith('error', 'The detail again, where clients of this protocol expect it.'),
  };
}

/** A problem document with one additional member. */
export function problemWith(member: string, description: string): Json {
  return {
    allOf: [ref('Problem'), { type: 'object', required: [member], properties: { [member]: { description, ...text } } }],
  };
}
