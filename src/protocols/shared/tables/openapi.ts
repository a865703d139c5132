/** Tables in the OpenAPI document: the bodies and answers that are no JSON. */
import type { Card } from '../../../model/card/card';
import type { Json } from '../../../openapi/json-schema';
import type { Post } from '../../../openapi/operations';
import type { Described } from '../../../openapi/part';
import { setSchemas } from '../../../openapi/prediction-schemas';

const lines = 'application/jsonlines';
const arrow = 'application/vnd.apache.arrow.stream';
const text = { type: 'string' };
const bytes = { type: 'string', format: 'binary' };

/** What an operation takes and answers beside JSON. */
export function describeTables({ card, instances }: Described): Pick<Post, 'otherBodies' | 'otherAnswers'> {
  const csv = instances.map((row) => (Array.isArray(row) ? row.join(',') : '')).join('\n');
  const answer = (type: string, schema: Json) => ({ [type]: { schema: { ...aboutSets(card, type), ...schema } } });
  return {
    otherBodies: {
      'text/csv': { schema: text, ...(instances.every(Array.isArray) && { example: csv }) },
      [lines]: { schema: text, example: instances.map((row) => JSON.stringify(row)).join('\n') },
      [arrow]: { schema: bytes },
    },
    otherAnswers: { ...answer('text/csv', text), ...answer(lines, text), ...answer(arrow, bytes) },
  };
}

/** The document has no place for parameters of a media type. */
function aboutSets(card: Card, type: string): Json {
  const [name] = Object.keys(setSchemas(card));
  if (name === undefined) return {};
  const columns = type === lines ? 'the member' : 'the columns';
  return { description: `\`Accept: ${type}; coverage=0.9\` adds ${columns} \`${name}\`.` };
}
