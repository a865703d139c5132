/** Whether an instance can hold the models that a deploy uploads. */
import { existsSync, readFileSync } from 'node:fs';
import { UsageError } from '../src/commands/command-line.cjs';

const bytesPerMb = 1e6;
const bytesPerMebibyte = 1024 * 1024;
/** What a process holds before the weights: `npm run model -- check model` measures it with them. */
const processBytes = 100 * bytesPerMb;
/** Some models take more than their weights: packed copies of integers, intermediate results of large instances. */
const ampleShare = 1.5;
const cards = ['../model/card.json', '../model/candidate/card.json'];

/** @param {string} memory as in 512Mi or 2Gi */
export function toMebibytes(memory) {
  return Number.parseInt(memory, 10) * (memory.endsWith('Gi') ? 1024 : 1);
}

/**
 * Throws when the weights cannot fit. Returns a warning where they may not.
 * @param {string} memory
 * @returns {string | undefined}
 */
export function checkMemory(memory) {
  const weights = cards.map((card) => readWeights(new URL(card, import.meta.url))).reduce((sum, each) => sum + each, 0);
  const limit = toMebibytes(memory) * bytesPerMebibyte;
  const held = `--memory is ${memory}, and the weights have ${Math.round(weights / bytesPerMb)} MB`;
  if (limit < processBytes + weights)
    throw new UsageError(`${held}: expected at least ${toSize(processBytes + ampleShare * weights)}.`);
  if (limit >= processBytes + ampleShare * weights) return undefined;
  return `${held}: that may be too little. \`npm run model -- check model\` measures what a process holds that serves them.`;
}

/**
 * @param {URL} card
 * @returns {number}
 */
function readWeights(card) {
  if (!existsSync(card)) return 0;
  const { bytes, files = [] } = JSON.parse(readFileSync(card, 'utf8')).weights;
  return files.reduce((/** @type {number} */ sum, /** @type {{ bytes: number }} */ file) => sum + file.bytes, bytes);
}

/** @param {number} bytes */
function toSize(bytes) {
  const gibibytes = 2 ** Math.ceil(Math.log2(bytes / bytesPerMebibyte / 1024));
  return gibibytes < 1 ? `${gibibytes * 1024}Mi` : `${gibibytes}Gi`;
}
