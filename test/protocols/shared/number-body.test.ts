/** A body of many rows of numbers is answered like one that is parsed whole, right or wrong. */
import { describeEachHost } from '../../hosts';
import { samples } from '../../model-files';

const rows = Array.from({ length: 400 }, (_, i) => samples[i % samples.length]?.instance);
const long = JSON.stringify(rows);
const wrong = (from: string, to: string) => long.replace(from, to);
/** With so much space before it, a body is parsed whole. */
const space = ' '.repeat(100);

const bodies: Readonly<Record<string, string>> = {
  'rows alone': `{"instances":${long}}`,
  'space between all': ` { "instances" :\n ${long.replaceAll(',', ' , ')}\t}\n`,
  'members behind': `{"instances":${long},"signature_name":"serving_default","parameters":{"flags":true}}`,
  'another signature behind': `{"instances":${long},"signature_name":"other"}`,
  'the rows again behind': `{"instances":${long},"instances":[[1,2,3,4]]}`,
  'the rows again behind, with an escape': `{"instances":${long},"\\u0069nstances":[[1,2,3,4]]}`,
  'another envelope behind': `{"instances":${long},"inputs":[]}`,
  'much behind': `{"instances":${long},"id":"${'x'.repeat(5_000)}"}`,
  'many levels behind': `{"instances":${long},"a":${'['.repeat(80)}${']'.repeat(80)}}`,
  'no end': `{"instances":${long}`,
  'more than an end': `{"instances":${long}}}`,
  'broken UTF-8 behind': `{"instances":${long},"a":"\u00ff"}`,
  'a value that is text': `{"instances":${wrong('[', '[["1",2,3,4],')}}`,
  'a row too short': `{"instances":${wrong('],', '],[1,2,3],')}}`,
  'a row too long': `{"instances":${wrong('],', '],[1,2,3,4,5],')}}`,
  'a row that is an object': `{"instances":${wrong('],', '],{"a":1},')}}`,
  'a number beyond float32': `{"instances":${wrong('],', '],[1,2,3,1e39],')}}`,
  'a leading zero': `{"instances":${wrong('],', '],[1,2,3,01],')}}`,
  'too many rows': `{"instances":[${Array(100_001).fill('[1,2,3,4]')}]}`,
  'rows under the other key': `{"inputs":${long}}`,
};

describeEachHost('A body of numbers', (host) => {
  test.each(Object.entries(bodies))('%s', async (_, text) => {
    const send = (body: string) =>
      host.request('POST', '/predict', {
        body: Buffer.from(body, 'latin1'),
        headers: { 'content-type': 'application/json' },
      });
    const [quick, whole] = [await send(text), await send(space + text)];
    expect(quick.status).toBe(whole.status);
    expect(withoutPlaces(quick.text)).toBe(withoutPlaces(whole.text));
  });
});

/** The space before a body moves the bytes that messages name. */
const withoutPlaces = (text: string) => text.replace(/(?:byte|position|column) \d+/g, 'there');
