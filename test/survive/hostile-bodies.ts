/** Every class of body of ten megabytes that costs more than its bytes: what it unfolds to, or what is done with it. */
import { tensorClasses } from './hostile-tensors';
import { type BodyClass, distinctObject, json, mostBytes, nested, repeat, series, textObject } from './large-text';

/** As many bytes of JSON as base64 within an envelope leaves room for. */
const mostInnerBytes = Math.floor(((mostBytes - 200) * 3) / 4);
const instances = (piece: string, last: string) => json('/predict', repeat('{"instances":[', piece, `${last}]}`));
const manyInstances = (piece: (i: number) => string, last: string) =>
  json('/predict', series('{"instances":[', piece, `${last}]}`));

const base64 = (text: string) => Buffer.from(text).toString('base64');
const events = { 'content-type': 'application/cloudevents+json' };
const eventHead = '{"specversion":"1.0","id":"1","source":"/a","type":"b"';

export const bodyClasses = {
  'empty objects': () => instances('{},', '{}'),
  'empty objects and a comma at the end': () => instances('{},', ''),
  'empty arrays': () => instances('[],', '[]'),
  'arrays as deep as may be': () => instances(nested(61), '[]'),
  'arrays that nobody closes': () => json('/predict', repeat('{"instances":', '[', '')),
  'objects of one key': () => instances('{"a":1},', '{}'),
  'objects of one distinct key': () => manyInstances((i) => `{"k${i}":1},`, '{}'),
  'objects of a distinct and a common key': () => manyInstances((i) => `{"a":1,"${i}":1},`, '{}'),
  'objects of four distinct keys': () => manyInstances((i) => `{"a${i}":1,"b${i}":1,"c${i}":1,"d${i}":1},`, '{}'),
  'objects of forty distinct keys': () => manyInstances((i) => distinctObject(i, 40), '{}'),
  'objects of a key that is a large integer': () => manyInstances((i) => `{"${i * 4096}":1},`, '{}'),
  'a million empty objects': () => instances('{}      , ', '{}'),
  'a million arrays of a fraction': () => instances('[0.5]  , ', '[]'),
  'arrays in pairs': () => instances('[[],[]],  ', '[]'),
  'one object of many keys': () => manyInstances((i) => (i === 0 ? '{"k":1' : `,"k${i}":1`), '}'),
  'keys at the top': () =>
    json(
      '/predict',
      series('{"k":1', (i) => `,"k${i}":1`, '}'),
    ),
  'objects of a thousand distinct keys': () => manyInstances((i) => distinctObject(i), '{}'),
  'objects of a thousand keys': () => instances(textObject, '{}'),
  'one key again and again': () => json('/predict', repeat('{"instances":[],', '"instances":[[1]],', '"a":1}')),
  'one key in every object again and again': () => instances(`{${'"a":1,'.repeat(900)}"a":1},`, '{}'),
  'numbers without fractions': () => instances('1,', '1'),
  'numbers with fractions': () => instances('1.7976931348623157e308,', '1'),
  'integers of many digits': () => instances(`${'9'.repeat(1000)},`, '1'),
  'one integer of many digits': () => json('/predict', repeat('{"instances":[[', '9', ']]}')),
  'one fraction of many digits': () => json('/predict', repeat('{"instances":[[0.', '1', ']]}')),
  'one string': () => json('/predict', repeat('{"instances":["', 'a', '"]}')),
  'one string of escapes': () => json('/predict', repeat('{"instances":["', '\\n', '"]}')),
  'one string of code points': () => json('/predict', repeat('{"instances":["', '\\ud83d\\ude00', '"]}')),
  'one string of two bytes a letter': () => json('/predict', repeat('{"instances":["', 'é', '"]}', mostBytes / 2)),
  'one string that nobody closes': () => json('/predict', repeat('{"instances":["', '\\"', '')),
  'one key of ten megabytes': () => json('/predict', repeat('{"', 'a', '":1}')),
  'one feature of ten megabytes': () => json('/predict', repeat('{"instances":[{"', 'a', '":1}]}')),
  'one string at the top': () => json('/predict', repeat('"', 'a', '"')),
  'one number at the top': () => json('/predict', repeat('', '9', '')),
  'empty strings': () => instances('"",', '""'),
  'distinct strings': () => manyInstances((i) => `"${i}",`, '""'),
  'spaces between brackets': () => json('/predict', repeat('{"instances":[', ' ', ']}')),
  'spaces before all': () => json('/predict', repeat('', ' ', '{"instances":[]}')),
  'spaces behind all': () => json('/predict', repeat('{"instances":[]}', ' ', '')),
  'spaces alone': () => json('/predict', repeat('', '\n', '')),
  'bytes that are no text': () => ({ path: '/predict', body: Buffer.alloc(mostBytes, 0xff) }),
  'zero bytes': () => ({ path: '/predict', body: Buffer.alloc(mostBytes) }),
  commas: () => json('/predict', repeat('{"instances":[', ',', ']}')),
  nulls: () => instances('null,', 'null'),
  'calls of an object': () => json('/bigquery', repeat('{"calls":[', '[{}],', '[{}]]}')),
  'calls of nothing': () => json('/bigquery', repeat('{"calls":[', '[null],', '[null]]}')),
  'one call of an object of many keys': () =>
    json(
      '/bigquery',
      series('{"calls":[[{"k":1', (i) => `,"k${i}":"1"`, '}]]}'),
    ),
  'calls of a thousand keys each': () =>
    json('/bigquery', repeat('{"calls":[', `[${textObject.slice(0, -1)}],`, '[{}]]}')),
  'one call of many arguments': () => json('/bigquery', repeat('{"calls":[[', '"1",', '"1"]]}')),
  'one call of a string': () => json('/bigquery', repeat('{"calls":[["', '9', '"]]}')),
  'a message that holds objects': () =>
    json('/predict', `{"message":{"data":"${base64(repeat('{"instances":[', '{},', '{}]}', mostInnerBytes))}"}}`),
  'a message that holds a string': () =>
    json('/predict', `{"message":{"data":"${base64(repeat('{"instances":["', 'a', '"]}', mostInnerBytes))}"}}`),
  'a message of many attributes': () =>
    json(
      '/predict',
      series('{"message":{"data":"e30=","attributes":{"k":""', (i) => `,"k${i}":""`, '}}}'),
    ),
  'a message of no base64': () => json('/predict', repeat('{"message":{"data":"', '\\u0000', '"}}')),
  'an event that holds objects': () =>
    json('/predict', repeat(`${eventHead},"data":{"instances":[`, '{},', '{}]}}'), events),
  'an event that holds text': () =>
    json(
      '/predict',
      `${eventHead},"data":${JSON.stringify(repeat('{"instances":[', '{"":1},', '1]}', mostBytes * 0.7))}}`,
      events,
    ),
  'an event that holds base64': () =>
    json(
      '/predict',
      `${eventHead},"data_base64":"${base64(repeat('{"instances":[', '[[]],', '[]]}', mostInnerBytes))}"}`,
      events,
    ),
  'an event of many attributes': () =>
    json(
      '/predict',
      series(eventHead, (i) => `,"k${i}":1`, '}'),
      events,
    ),
  ...tensorClasses,
} as const satisfies Record<string, BodyClass>;

export type BodyClassName = keyof typeof bodyClasses;
