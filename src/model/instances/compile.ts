/** Compiles the card's JSON Schemas to validators, at start or as source text in the build. The only file that uses ajv. */
import Ajv2020, { type ErrorObject, type ValidateFunction } from 'ajv/dist/2020';
import standaloneCode from 'ajv/dist/standalone';
import type { Card, CardFile } from '../card/card';
import { type CardError, describeCardErrors } from '../card/card-faults';
import { checkCardRules } from '../card/card-rules';
import { cardSchema } from '../card/card-schema';
import { tasks } from '../predictions/tasks';
import { checkUncertainty } from '../predictions/uncertainty';
import { arrayInstanceSchema, checkedSchema, objectInstanceSchema } from './schemas';

export type ValidationError = Pick<ErrorObject, 'instancePath' | 'keyword' | 'params'>;

/** Returns whether a value is valid; `errors` holds the faults of the last value. */
export interface Validator {
  (value: unknown): boolean;
  errors?: readonly ValidationError[] | null;
}

export interface InstanceValidators {
  readonly array: Validator;
  readonly object: Validator;
}

/** Compiles a schema of a card with hooks. Throws when it is none. */
export function compileSchema(schema: object): Validator {
  return new Ajv2020({ allErrors: false, ownProperties: true, strict: false }).compile(schema);
}

/** Checks the card, then compiles its instance schemas. */
export function compileValidators(file: CardFile): InstanceValidators {
  const ajv = createAjv(file);
  return { array: getValidator(ajv, 'array'), object: getValidator(ajv, 'object') };
}

/** The same as source text of a CommonJS module without imports, which also exports the card's text. */
export function toValidatorSource(file: CardFile): string {
  const source = standaloneCode(createAjv(file), { array: 'array', object: 'object' });
  return `${source};exports.card=${JSON.stringify(file.bytes.toString())};\n`;
}

function createAjv(file: CardFile): Ajv2020 {
  const { card } = file;
  checkCard(file);
  // Own properties only: a feature may be named like an inherited member ("constructor").
  // Enumerations compile to comparisons of any length: a loop would make the generated source import ajv.
  const options = { allowUnionTypes: true, loopEnum: Number.POSITIVE_INFINITY };
  const ajv = new Ajv2020({ ...options, allErrors: true, ownProperties: true, code: { source: true } });
  ajv.addSchema(arrayInstanceSchema(card, checkedSchema), 'array');
  ajv.addSchema(objectInstanceSchema(card, checkedSchema), 'object');
  checkBackground(card, ajv);
  return ajv;
}

function getValidator(ajv: Ajv2020, key: keyof InstanceValidators): ValidateFunction {
  const validator = ajv.getSchema(key);
  if (validator === undefined) throw new Error(`Unknown schema "${key}".`);
  return validator;
}

function checkCard({ card, document }: CardFile): void {
  const ajv = new Ajv2020({ allErrors: true, strict: false, verbose: true });
  if (!ajv.validate(cardSchema, document))
    throw new Error(
      `The model card does not match its schema: ${describeCardErrors((ajv.errors ?? []) as CardError[])}.`,
    );
  checkCardRules(card);
  tasks[card.task].check(card);
  checkUncertainty(card);
}

function checkBackground({ data: { background = [] } = {} }: Card, ajv: Ajv2020): void {
  const isInstance = getValidator(ajv, 'array');
  const wrong = background.findIndex((row) => !isInstance(row));
  if (wrong === -1) return;
  const faults = ajv.errorsText(isInstance.errors, { dataVar: `data.background[${wrong}]` });
  throw new Error(`The card has a background row that is not a valid instance: ${faults}.`);
}
