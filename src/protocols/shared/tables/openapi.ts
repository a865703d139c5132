/** Tables in the OpenAPI document: the bodies and answers that are no JSON. */
import type { Post } from '../../../openapi/operations';
import type { Described } from '../../../openapi/part';

const text = { type: 'string' };
const lines = 'application/jsonlines';
const arrow = 'application/vnd.apache.arrow.stream';
const answers = {
  'text/csv': { schema: text },
  [lines]: { schema: text },
  [arrow]: { schema: { type: 'string', format: 'binary' } },
};

/** What an operation takes and answers beside JSON. */
export function describeTables({ instances }: Described): Pick<Post, 'otherBodies' | 'otherAnswers'> {
  const csv = instances.map((row) => (Array.isArray(row) ? row.join(',') : '')).join('\n');
  return {
    otherBodies: {
      ...answers,
      'text/csv': { schema: text, ...(instances.every(Array.isArray) && { example: csv }) },
      [lines]: { schema: text, example: instances.map((row) => JSON.stringify(row)).join('\n') },
    },
    otherAnswers: answers,
  };
}
