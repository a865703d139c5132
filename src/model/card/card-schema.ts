/** What a card must be. The rules are the package's own: a schema beside a card only helps editors to complete it. */
import schema from './card.schema.json';

export const cardSchemaFileName = 'card.schema.json';

export const cardSchema: Readonly<Record<string, unknown>> = schema;
