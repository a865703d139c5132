/**
 * Sends the golden samples of model/ to a deployment and checks its predictions: `node deploy/smoke-test.mjs URL`.
 * If ID_TOKEN is set, it is sent as the caller's identity token.
 */
import { readFileSync } from 'node:fs';
import { readOptions, runCommand, UsageError } from '../src/commands/command-line.cjs';

/** The service's own default; the card may set another. */
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
  const response = await send(url, {
    method: body === undefined ? 'GET' : 'POST',
    headers: { 'content-type': 'application/json', ...(token ? { authorization: `Bearer ${token}` } : {}) },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    // A redirect would lead to a sign-in page.
    redirect: 'error',
    signal: AbortSignal.timeout(timeoutMs),
  });
  const text = await response.text();
  if (response.status !== 200)
    throw new Error(`${url}: expected status 200, got ${response.status}: ${text.slice(0, 300)}`);
  return text;
}

/**
 * @param {URL} url
 * @param {RequestInit} request
 */
async function send(url, request) {
  try {
    return await fetch(url, request);
  } catch (error) {
    const { message, cause } = /** @type {Error} */ (error);
    const reason =
      cause instanceof Error ? cause.message || String(/** @type {{ code?: string }} */ (cause).code) : message;
    throw new Error(`${url} did not answer (${reason}): expected the address of a deployment that runs.`);
  }
}

/**
 * Whether two JSON values are equal, with a tolerance for numbers.
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
    throw new Error(`${base} serves another model card: expected model/card.json. Deploy this checkout first.`);
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
    const [sent, got, expected] = [instance, predictions[i], prediction].map((value) => JSON.stringify(value));
    throw new Error(`${base}: wrong prediction for ${sent}: expected ${expected}, got ${got}.`);
  }
}

/** @param {readonly string[]} words */
async function main(words) {
  const [address = ''] = readOptions({ args: [...words] }, 'URL').positionals;
  if (!/^https?:/.test(address) || !URL.canParse(address))
    throw new UsageError(`Expected a URL that starts with https:// or http://, got ${JSON.stringify(address)}.`);
  // A function's URL under cloudfunctions.net includes a path.
  const base = new URL(address.endsWith('/') ? address : `${address}/`);
  /** @type {readonly Sample[]} */
  const samples = JSON.parse(readModelFile('samples.json')).samples;
  const { tolerance } = JSON.parse(readModelFile('card.json'));
  await ask(new URL('v2/health/ready', base));
  await checkCard(base);
  for (let from = 0; from < samples.length; from += rowsOfOneRequest)
    await checkSamples(base, samples.slice(from, from + rowsOfOneRequest), tolerance);
  console.log(`${base} serves this model: all ${samples.length} golden samples match.`);
}

await runCommand(() => main(process.argv.slice(2)));
