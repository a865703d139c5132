/** Instances that do not match the signature of the model. */
import { featureNames, goodInstance, toObjectForm } from '../model-files';
import { type BadRequest, deep, sent } from './bad-request';

const invalid = { status: 422, type: 'invalid-input' };

const arity = featureNames.length;
const [firstName = ''] = featureNames;
const lastName = featureNames[arity - 1] ?? '';
const tail = goodInstance.slice(1);
const tailText = tail.map((value) => `,${value}`).join('');
const misspelled = { ...toObjectForm(goodInstance), [lastName]: undefined, [`${lastName}_`]: 1 };
const whole = JSON.stringify(toObjectForm(goodInstance)).slice(1, -1);
const inherited = `{${whole},"__proto__":{"admin":true},"constructor":1}`;

const instances = (...rows: readonly unknown[]) => sent(JSON.stringify({ instances: rows }));
/** The good row with another value of its first feature. */
const first = (value: unknown) => instances([value, ...tail]);

export const invalidInstances: readonly BadRequest[] = [
  {
    name: 'no instances',
    ...instances(),
    ...invalid,
    pointers: ['/instances'],
    says: ['at least one', 'got an empty array'],
  },
  ...Object.entries({ null: 'null', '{}': 'an object', '"x"': 'the string "x"', '1': 'the number 1' }).map(
    ([text, came]): BadRequest => ({
      name: `instances that are ${text}`,
      ...sent(`{"instances":${text}}`),
      ...invalid,
      pointers: ['/instances'],
      says: ['expected an array of instances', `got ${came}`],
    }),
  ),
  ...[tail, [...goodInstance, 1], []].map(
    (row): BadRequest => ({
      name: `${row.length} values`,
      ...instances(goodInstance, row),
      ...invalid,
      pointers: ['/instances/1'],
      says: [`expected ${arity} values`, firstName, `got an array of ${row.length}`],
    }),
  ),
  ...Object.entries({ null: 'null', '3': 'the number 3', '"a"': 'the string "a"', true: 'the boolean true' }).map(
    ([text, came]): BadRequest => ({
      name: `an instance that is ${text}`,
      ...instances(goodInstance, JSON.parse(text)),
      ...invalid,
      pointers: ['/instances/1'],
      says: ['expected an array', `got ${came}`],
    }),
  ),
  ...Object.entries({
    null: 'null',
    '"5.1"': 'the string "5.1"',
    true: 'the boolean true',
    '{}': 'an object',
    '[5]': 'an array of 1',
  }).map(
    ([text, came]): BadRequest => ({
      name: `${text} for a number`,
      ...first(JSON.parse(text)),
      ...invalid,
      pointers: ['/instances/0/0'],
      says: [firstName, 'expected a number', `got ${came}`],
    }),
  ),
  ...['1e39', '-1e39', '3.5e38'].map(
    (text): BadRequest => ({
      name: `${text}, which is beyond float32,`,
      ...first(Number(text)),
      ...invalid,
      pointers: ['/instances/0/0'],
      says: [
        firstName,
        text.startsWith('-') ? 'expected at least -3.4' : 'expected at most 3.4',
        `got the number ${Number(text)}`,
      ],
    }),
  ),
  {
    name: '1e999, which is beyond float64,',
    ...sent(`{"instances":[[1e999${tailText}]]}`),
    ...invalid,
    pointers: ['/instances/0/0'],
    says: [firstName, 'expected'],
  },
  {
    name: 'a value 60 arrays deep',
    ...sent(`{"instances":[[${deep}${tailText}]]}`),
    ...invalid,
    pointers: ['/instances/0/0'],
    says: ['expected a number', 'got an array of 1'],
  },
  {
    name: 'a long string',
    ...first('y'.repeat(100_000)),
    ...invalid,
    pointers: ['/instances/0/0'],
    says: ['expected a number', 'yyy"… (100000 characters)'],
  },
  {
    name: 'a string for a number in the object form',
    ...instances({ ...toObjectForm(goodInstance), [lastName]: '1' }),
    ...invalid,
    pointers: [`/instances/0/${lastName}`],
    says: [lastName, 'expected a number', 'got the string "1"'],
  },
  {
    name: 'a misspelled feature',
    ...instances(misspelled),
    ...invalid,
    pointers: ['/instances/0', `/instances/0/${lastName}_`],
    says: [`expected the feature "${lastName}", got "${lastName}_"`],
  },
  {
    name: 'the keys __proto__ and constructor',
    ...sent(`{"instances":[${inherited}]}`),
    ...invalid,
    pointers: ['/instances/0/__proto__', '/instances/0/constructor'],
    says: ['expected only the features', 'got "__proto__"'],
  },
  {
    name: 'an object after an array',
    ...instances(goodInstance, toObjectForm(goodInstance)),
    ...invalid,
    pointers: ['/instances/1'],
    says: ['expected an array like the first instance', 'got an object'],
  },
  {
    name: 'an array after an object',
    ...instances(toObjectForm(goodInstance), goodInstance),
    ...invalid,
    pointers: ['/instances/1'],
    says: ['expected an object like the first instance', `got an array of ${arity}`],
  },
  {
    name: 'an object of 100 000 members',
    ...instances(Object.fromEntries(Array.from({ length: 100_000 }, (_, i) => [`k${i}`, i]))),
    status: 413,
    type: 'too-many-values',
    says: ['members in one object', 'got 100000'],
  },
  {
    name: '100 000 empty instances',
    ...instances(...Array.from({ length: 100_000 }, () => [])),
    ...invalid,
    pointers: Array.from({ length: 20 }, (_, i) => `/instances/${i}`),
    says: [`expected ${arity} values`, 'got an array of 0'],
  },
];
