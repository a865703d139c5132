/** The request of the form as a program, in each language that the page offers. */
import { type Entries, toInstance } from './entries';
import { base, data, type Feature, type Tensor, type Value } from './page';

/** By the id of its place on the page. */
export const programs: Readonly<Record<string, (entries: Entries) => readonly string[]>> = {
  curl: (entries) => [...toCurl('predict', bodyOf(entries))],
  python: (entries) => [
    'import requests',
    '',
    `body = {"instances": ${toPython([toInstance(entries)])}}`,
    `answer = requests.post("${base}/predict", json=body, timeout=10)`,
    'answer.raise_for_status()',
    'print(answer.json()["predictions"])',
  ],
  typescript: (entries) => [
    `const response = await fetch('${base}/predict', {`,
    "  method: 'POST',",
    "  headers: { 'content-type': 'application/json' },",
    `  body: JSON.stringify(${bodyOf(entries)}),`,
    '});',
    'const { predictions } = await response.json();',
    'console.log(predictions);',
  ],
  go: (entries) => [
    'package main',
    '',
    'import (',
    ...['fmt', 'io', 'net/http', 'strings'].map((name) => `\t"${name}"`),
    ')',
    '',
    'func main() {',
    `\tbody := strings.NewReader(${JSON.stringify(bodyOf(entries))})`,
    `\tanswer, err := http.Post("${base}/predict", "application/json", body)`,
    ...stopOnError,
    '\tdefer answer.Body.Close()',
    '\ttext, err := io.ReadAll(answer.Body)',
    ...stopOnError,
    '\tfmt.Println(answer.Status, string(text))',
    '}',
  ],
  grpc: (entries) => [
    '# A Cloud Run service that was deployed with --http2; pip install "tritonclient[grpc]"',
    'import numpy as np',
    'import tritonclient.grpc as triton',
    'from tritonclient.utils import triton_to_np_dtype',
    '',
    'inputs = []',
    'for name, datatype, values in [',
    ...(data.tensors ?? []).map((tensor) => `    ${toTensor(tensor, entries)},`),
    ']:',
    '    array = np.array(values, dtype=triton_to_np_dtype(datatype))',
    '    inputs.append(triton.InferInput(name, list(array.shape), datatype))',
    '    inputs[-1].set_data_from_numpy(array)',
    `client = triton.InferenceServerClient("${location.hostname}:${location.port || (isSecure ? 443 : 80)}", ssl=${toPython(isSecure)})`,
    `answer = client.infer(${JSON.stringify(data.model)}, inputs)`,
    'for output in answer.get_response().outputs:',
    '    print(output.name, answer.as_numpy(output.name).tolist())',
  ],
  sql: (entries) => [
    '-- Once; BigQuery needs an HTTPS address and a connection of your own.',
    `CREATE FUNCTION models.predict(${data.features.map(toParameter).join(', ')})`,
    'RETURNS STRING',
    'REMOTE WITH CONNECTION `eu.predict`',
    `OPTIONS (endpoint = '${base}/bigquery', max_batching_rows = 10000);`,
    '',
    `SELECT models.predict(${entries.map((value, i) => toSql(value, data.features[i])).join(', ')});`,
  ],
  mcp: (entries) => {
    const params = { name: 'predict', arguments: { instances: [toInstance(entries)] } };
    return toCurl('mcp', JSON.stringify({ jsonrpc: '2.0', id: 1, method: 'tools/call', params }));
  },
};

const isSecure = location.protocol === 'https:';

const stopOnError = ['\tif err != nil {', '\t\tpanic(err)', '\t}'];

function bodyOf(entries: Entries): string {
  return JSON.stringify({ instances: [toInstance(entries)] });
}

/** Name, datatype and values of one row, as Python writes a tuple. */
function toTensor({ name, datatype, features, isNested }: Tensor, entries: Entries): string {
  const values = features.map((place) => entries[place] ?? data.features[place]?.default ?? null);
  return `(${JSON.stringify(name)}, "${datatype}", ${toPython(isNested ? [values] : values)})`;
}

function toCurl(path: string, body: string): readonly string[] {
  // Escapes a quote within the shell's single quotes.
  const quoted = body.replaceAll("'", String.raw`'\''`);
  return [`curl ${base}/${path} \\`, `  -H 'content-type: application/json' \\`, `  -d '${quoted}'`];
}

/** JSON with Python's True, False and None. */
function toPython(value: unknown): string {
  if (Array.isArray(value)) return `[${value.map(toPython).join(', ')}]`;
  if (value === null) return 'None';
  if (typeof value === 'boolean') return pythonWords[`${value}`];
  if (typeof value !== 'object') return JSON.stringify(value);
  const members = Object.entries(value as object).map(([name, each]) => `${JSON.stringify(name)}: ${toPython(each)}`);
  return `{${members.join(', ')}}`;
}

const pythonWords = { true: 'True', false: 'False' };

const sqlTypes = { number: 'FLOAT64', integer: 'INT64', boolean: 'BOOL', text: 'STRING', json: 'JSON' };

function toParameter({ name, kind }: Feature): string {
  return `\`${name.replaceAll('`', '')}\` ${sqlTypes[kind]}`;
}

function toSql(value: Value | undefined, feature: Feature | undefined): string {
  if (value === undefined || value === null) return 'NULL';
  return feature?.kind === 'json' ? `PARSE_JSON(${JSON.stringify(JSON.stringify(value))})` : JSON.stringify(value);
}
