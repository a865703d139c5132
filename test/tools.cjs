/** Tools from outside of this package that some tests need: where they are on this machine. */
const { createHash } = require('node:crypto');
const { existsSync, readFileSync, readdirSync } = require('node:fs');
const { homedir } = require('node:os');
const { join } = require('node:path');

/** Environments of Python clients are made once and kept here. */
const cache = join(process.env.XDG_CACHE_HOME || join(homedir(), '.cache'), 'onnx-predict-function');
/** Written last: an environment without it was not finished. */
const finished = 'finished';

const requirements = {
  clients: join(__dirname, 'clients/requirements.txt'),
  foreignModels: join(__dirname, 'clients/foreign-models/requirements.txt'),
  grpc: join(__dirname, 'clients/grpc/requirements.txt'),
  tokenizers: join(__dirname, 'clients/tokenizers/requirements.txt'),
  tables: join(__dirname, 'clients/tables/requirements.txt'),
  generated: join(__dirname, 'clients/generated/requirements.txt'),
  fuzzer: join(__dirname, 'clients/fuzzer/requirements.txt'),
  billOfMaterials: join(__dirname, 'clients/bill-of-materials/requirements.txt'),
};

const browsers = {
  Chromium: [process.env.CHROMIUM, '/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome'],
  Firefox: [process.env.FIREFOX, '/usr/bin/firefox-esr', '/usr/bin/firefox'],
};

/**
 * @param {keyof typeof browsers} name
 * @returns {string | undefined} the program
 */
function findBrowser(name) {
  return browsers[name].find((path) => path !== undefined && path !== '' && existsSync(path));
}

/**
 * The start of the name of each environment with these packages; the version of Python follows.
 * @param {string} file requirements with hashes
 */
function environmentPrefix(file) {
  return `clients-${createHash('sha256').update(readFileSync(file)).digest('hex').slice(0, 16)}-`;
}

/** @param {string} file requirements with hashes */
function isSetUp(file) {
  const prefix = environmentPrefix(file);
  const names = existsSync(cache) ? readdirSync(cache) : [];
  return names.some((name) => name.startsWith(prefix) && existsSync(join(cache, name, finished)));
}

/** @returns {string[]} what of the tools is not here, in words */
function findMissing() {
  const missing = [];
  if (!Object.values(requirements).every(isSetUp)) missing.push(`the Python environments are not set up in ${cache}`);
  if (findBrowser('Chromium') === undefined)
    missing.push('no Chromium was found (CHROMIUM names one that is not in /usr/bin)');
  return missing;
}

module.exports = { cache, finished, requirements, findBrowser, environmentPrefix, findMissing };
