/** Validators of the schemas of documents. They are kept as long as the process lives: to compile them costs more than to use them. */
const addFormats = require('ajv-formats').default;
const Ajv2020 = require('ajv/dist/2020').default;

const root = 'https://example.com/openapi.json';

/** OpenAPI has keywords of its own. Most schemas are compiled for a few answers: quickly, then. */
const quick = {
  strict: false,
  allErrors: true,
  validateSchema: false,
  inlineRefs: false,
  code: { optimize: false },
};

/** @type {Map<string, ReturnType<typeof createValidators>>} */
const byDocument = new Map();

/** @param {string} document as JSON */
function createValidators(document) {
  const ajv = addFormats(new Ajv2020(quick));
  ajv.addSchema({ $id: root, ...JSON.parse(document) });
  const validators = new Map();

  /**
   * @param {string} pointer to a schema of the document
   * @param {unknown} value
   * @returns {string | undefined} what the value breaks
   */
  return (pointer, value) => {
    const validate = validators.get(pointer) ?? ajv.compile({ $ref: `${root}#/${pointer}` });
    validators.set(pointer, validate);
    return validate(value) ? undefined : ajv.errorsText(validate.errors).slice(0, 1000);
  };
}

/** @param {string} document as JSON */
function validatorsOf(document) {
  const known = byDocument.get(document) ?? createValidators(document);
  byDocument.set(document, known);
  return known;
}

module.exports = { validatorsOf };
