/** The schema of cards. Only this copy is enforced; the one beside a card is for editors. */
import schema from './card.schema.json';

export const cardSchemaFileName = 'card.schema.json';

export const cardSchema: Readonly<Record<string, unknown>> = schema;
