/** A body that is not JSON is told what to write instead, as people and Python's `str` and `json.dumps` write it. */
import { gzipSync } from 'node:zlib';
import { startHost } from '../hosts';

const row = '{"instances":[[5.1,3.5,1.4,0.2]]}';

/** The detail of the answer to a body. */
async function detailOf(body: string | Buffer): Promise<string> {
  const host = await startHost('in process');
  const { status, text } = await host.request('POST', '/predict', {
    headers: { 'content-type': 'application/json' },
    body,
  });
  await host.stop();
  expect(status).toBe(400);
  return JSON.parse(text).detail;
}

test.each(['NaN', 'Infinity', '-Infinity', 'None'])('%s', async (word) => {
  for (const body of [`{"instances":[[5.1,${word},1.4,0.2]]}`, `{"instances":[[${'5.1,'.repeat(50_000)}${word}]]}`])
    expect(await detailOf(body)).toContain('send null for a missing value');
});

test.each([
  ["Python's True", '{"instances":[[5.1,True]]}', 'JSON writes true and false in lower case'],
  ['single quotes around names', "{'instances':[[5.1]]}", 'JSON has straight double quotes only'],
  ['single quotes around a value', `{"instances":[['a']]}`, 'JSON has straight double quotes only'],
  ['quotes of a word processor', '{“instances”:[[5.1]]}', 'JSON has straight double quotes only'],
  ['names without quotes', '{instances:[[5.1]]}', 'names stand in double quotes, as in {"instances": …}'],
  ['a comma at the end of an array', '{"instances":[[5.1,]]}', 'JSON has no comma before ] or }'],
  ['a comma at the end of an object', '{"instances":[[5.1]],}', 'JSON has no comma before ] or }'],
  ['the name of a file', 'request.json', 'by --data-binary @FILE'],
  ['gzip without its header', gzipSync(row), 'Expected UTF-8 text, got gzip: send content-encoding: gzip with it.'],
  ['UTF-16', Buffer.from(`\uFEFF${row}`, 'utf16le'), 'Expected UTF-8 text, got UTF-16: send it as UTF-8.'],
  ['a byte order mark', Buffer.from(`\uFEFF${row}`), 'Expected UTF-8 text, got a byte order mark before it:'],
  ['other bytes', Buffer.from([0xc3, 0x28]), 'Expected UTF-8 text, got bytes that are not valid UTF-8.'],
])('%s', async (_, body, hint) => {
  expect(await detailOf(body)).toContain(hint);
});

test('a mistake without a hint is told its place alone', async () => {
  expect(await detailOf('{"instances":[[5.1 3.5]]}')).toMatch(
    /^Expected JSON: Expected ',' or ']' .*position 19[^—]*\.$/,
  );
});
