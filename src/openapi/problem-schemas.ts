/** The schemas of problem documents, as each protocol spells them. */
import { type ProblemType, problemTypes, toProblemUri } from '../problem';
import { type Json, ref } from './operations';

const text = { type: 'string' };

export function problemSchemas(): Json {
  const types = (Object.keys(problemTypes) as ProblemType[]).map(toProblemUri);
  const fault = {
    type: 'object',
    required: ['pointer', 'detail'],
    properties: { pointer: { description: 'JSON Pointer into the body.', ...text }, detail: text },
  };
  const problem = {
    description: 'RFC 9457.',
    type: 'object',
    required: ['type', 'title', 'status', 'detail'],
    properties: {
      type: { enum: types },
      title: text,
      status: { type: 'integer' },
      detail: text,
      errors: { description: 'The first 20 faults.', type: 'array', maxItems: 20, items: fault },
    },
  };
  const also = (member: string, description: string) => ({
    allOf: [ref('Problem'), { type: 'object', required: [member], properties: { [member]: { description, ...text } } }],
  });
  return {
    Problem: problem,
    ErrorProblem: also('error', 'The detail again, where clients of the protocol look for it.'),
    BigQueryProblem: also('errorMessage', 'The detail, under 1 KB, as BigQuery shows it.'),
  };
}
