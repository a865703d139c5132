/**
 * Asks a deployment for the golden samples of model/ and compares the answers: `node deploy/smoke-test.mjs URL`.
 * ID_TOKEN, when set, is sent as the caller's identity token.
 */
import { readFileSync } from 'node:fs';

/** As the service itself compares, unless the card says otherwise. */
const defaultTolerance = 1e-6;
const rowsOfOneRequest = 100;
const timeoutMs = 30_000;

/** @typedef {{ readonly instance: readonly unknown[], readonly prediction: unknown }} Sample */

/** @param {string} name */
function readModelFile(name) {
  return readFileSync(new URL(`../model/${name}`, import.meta.url), 'utf8');
}

/**
 * @param {URL} url
 * @param {unknown} [body] posted as JSON
 */
async function ask(url, body) {
  const token = process.env.ID_TOKEN;
  const response = await fetch(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    // A redirect leads to a page that asks people to sign in.
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await response.text();
  if (response.status !== 200) throw new Error(`${url} answered ${response.status}: ${text.slice(0, 300)}`);
  return text;
}

/**
 * Whether two JSON values are the same, numbers within the tolerance.
 * @param {unknown} actual
 * @param {unknown} expected
 * @param {number} tolerance
 * @returns {boolean}
 */
function isClose(actual, expected, tolerance) {
  if (typeof expected === 'number')
    return typeof actual === 'number' && Math.abs(actual - expected) <= tolerance * Math.max(1, Math.abs(expected));
  if (typeof expected !== 'object' || expected === null) return actual === expected;
  if (typeof actual !== 'object' || actual === null) return false;
  const [own, wanted] = [Object.entries(actual), Object.entries(expected)];
  return (
    own.length === wanted.length &&
    wanted.every(([key, value], i) => own[i]?.[0] === key && isClose(own[i]?.[1], value, tolerance))
  );
}

/** @param {URL} base */
async function checkCard(base) {
  if ((await ask(new URL('model-card.json', base))) !== readModelFile('card.json'))
    throw new Error(`${base} serves another model card than model/card.json.`);
}

/**
 * @param {URL} base
 * @param {readonly Sample[]} samples
 * @param {number} [tolerance]
 */
async function checkSamples(base, samples, tolerance = defaultTolerance) {
  const answer = await ask(new URL('predict', base), { instances: samples.map((sample) => sample.instance) });
  const { predictions = [] } = JSON.parse(answer);
  for (const [i, { instance, prediction }] of samples.entries()) {
    if (isClose(predictions[i], prediction, tolerance)) continue;
    const [sent, came, expected] = [instance, predictions[i], prediction].map((value) => JSON.stringify(value));
    throw new Error(`${base} answers ${sent} with ${came}: expected ${expected}.`);
  }
}

/** @param {string | undefined} address */
async function main(address) {
  if (address === undefined || !URL.canParse(address)) throw new Error('usage: node deploy/smoke-test.mjs URL');
  // A function has a path of its own under cloudfunctions.net.
  const base = new URL(address.endsWith('/') ? address : `${address}/`);
  /** @type {readonly Sample[]} */
  const samples = JSON.parse(readModelFile('samples.json')).samples;
  const { tolerance } = JSON.parse(readModelFile('card.json'));
  await ask(new URL('v2/health/ready', base));
  await checkCard(base);
  for (let from = 0; from < samples.length; from += rowsOfOneRequest)
    await checkSamples(base, samples.slice(from, from + rowsOfOneRequest), tolerance);
  console.log(`${base} serves this model: ${samples.length} golden samples are answered as the trainer answered them.`);
}

main(process.argv[2]).catch((error) => {
  console.error(error.cause === undefined ? error.message : `${error.message}: ${error.cause.message}`);
  process.exitCode = 1;
});
