/** A text fills the whole of an input of ids, and of the mask and the types beside it. */
import { readConfig } from '../../../src/config';
import { createModel } from '../../../src/model/model';
import { type Card, make } from '../text-model';

const input = (name: string, more = {}) => ({
  name,
  datatype: 'INT64',
  shape: [-1, -1],
  maxShape: [-1, 24],
  ...more,
});

test.each<[string, object, (card: Card) => object, RegExp]>([
  [
    'is also a list',
    {},
    (card) => ({ ...card, features: [{ ...card.features[0], shape: [-1] }] }),
    /"text" has a tokenizer and the member "shape", which a text cannot have/,
  ],
  ['fills an unknown input', { mask: 'kept' }, (card) => card, /"text" fills the unknown input "kept"/],
  [
    'fills an input twice',
    { types: 'attention_mask' },
    (card) => card,
    /"text" fills the input "attention_mask", which it fills already/,
  ],
  [
    'fills a mask of other sizes',
    {},
    (card) => ({
      ...card,
      inputs: ['input_ids', 'attention_mask', 'token_type_ids'].map((name, i) =>
        input(name, i === 1 ? { maxShape: [-1, 8] } : {}),
      ),
    }),
    /"text" fills "attention_mask" of INT64\[-1, -1\] up to \[-1, 8\]: expected numbers with the sizes of "input_ids"/,
  ],
  [
    'fills floating-point ids',
    {},
    (card) => ({
      ...card,
      inputs: ['input_ids', 'attention_mask', 'token_type_ids'].map((name, i) =>
        input(name, i === 0 ? { datatype: 'FP32' } : {}),
      ),
    }),
    /"text" has a tokenizer and an input of FP32\[-1, -1\] up to \[-1, 24\]: expected a vector of integers/,
  ],
  ['leaves out an input', { types: undefined }, (card) => card, /has 0 features for the input "token_type_ids"/],
])('whose text %s is refused', (title, tokenizer, change, message) => {
  const directory = make(title.replaceAll(' ', '-'), tokenizer, change);
  expect(() => createModel(readConfig({ MODEL_DIR: directory }))).toThrow(message);
});
