/** JSON Schema to validating functions, at start or as source text in the build: the only user of ajv. */
import Ajv2020, { type ErrorObject, type ValidateFunction } from 'ajv/dist/2020';
import standaloneCode from 'ajv/dist/standalone';
import type { Card, CardFile } from '../card/card';
import { checkCardRules } from '../card/card-rules';
import { cardSchema } from '../card/card-schema';
import { tasks } from '../predictions/tasks';
import { arrayInstanceSchema, checkedSchema, objectInstanceSchema } from './schemas';

/** What ajv reports of one fault. */
export type ValidationError = Pick<ErrorObject, 'instancePath' | 'keyword' | 'params'>;

/** Answers whether a value matches; the faults of the last value are in `errors`. */
export interface Validator {
  (value: unknown): boolean;
  errors?: readonly ValidationError[] | null;
}

/** A validator for each of the two forms of an instance. */
export interface InstanceValidators {
  readonly array: Validator;
  readonly object: Validator;
}

/** Compiles the card's instance schemas, after checking the card itself against its schema. */
export function compileValidators({ card }: CardFile): InstanceValidators {
  checkCard(card);
  const ajv = createAjv(card);
  checkBackground(card, ajv);
  return { array: getValidator(ajv, 'array'), object: getValidator(ajv, 'object') };
}

/** The same as the source of a CommonJS module without imports, which also exports the sha256 of the card that it is for. */
export function toValidatorSource({ card, sha256 }: CardFile): string {
  checkCard(card);
  const ajv = createAjv(card);
  checkBackground(card, ajv);
  const source = standaloneCode(ajv, { array: 'array', object: 'object' });
  return `${source};exports.cardSha256=${JSON.stringify(sha256)};\n`;
}

function createAjv(card: Card): Ajv2020 {
  // A feature may be called like a member of every object ("constructor"): only own properties count.
  // Enumerations of any length become comparisons: a loop would make the source of the validators import ajv.
  const options = { allowUnionTypes: true, loopEnum: Number.POSITIVE_INFINITY };
  const ajv = new Ajv2020({ ...options, allErrors: true, ownProperties: true, code: { source: true } });
  ajv.addSchema(arrayInstanceSchema(card, checkedSchema), 'array');
  ajv.addSchema(objectInstanceSchema(card, checkedSchema), 'object');
  return ajv;
}

function getValidator(ajv: Ajv2020, key: keyof InstanceValidators): ValidateFunction {
  const validator = ajv.getSchema(key);
  if (validator === undefined) throw new Error(`There is no schema "${key}".`);
  return validator;
}

function checkCard(card: Card): void {
  const ajv = new Ajv2020({ allErrors: true, strict: false });
  if (!ajv.validate(cardSchema, card)) {
    const faults = ajv.errorsText(ajv.errors, { dataVar: 'card', separator: '; ' });
    throw new Error(`The model card does not match its schema: ${faults}.`);
  }
  checkCardRules(card);
  tasks[card.task].check(card);
}

function checkBackground({ data: { background = [] } = {} }: Card, ajv: Ajv2020): void {
  const isInstance = getValidator(ajv, 'array');
  const wrong = background.findIndex((row) => !isInstance(row));
  if (wrong === -1) return;
  const faults = ajv.errorsText(isInstance.errors, { dataVar: `data.background[${wrong}]` });
  throw new Error(`The card has a background row that is no instance: ${faults}.`);
}
