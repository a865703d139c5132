/** What commands share: options that are read strictly, and an exit code that tells a wrong word (2) from a failure (1). */
import { parseArgs } from 'node:util';

/** A mistake on the command line. */
export class UsageError extends Error {}

/**
 * Reads options as `parseArgs` does.
 * @template {import('node:util').ParseArgsConfig} Config
 * @param {Config} config
 * @throws {UsageError} for an option that is unknown, lacks its value, or a word that has no place
 */
export function readOptions(config) {
  try {
    return parseArgs(config);
  } catch (error) {
    const [reason = ''] = String(error instanceof Error ? error.message : error).split('. To specify');
    const names = Object.keys(config.options ?? {}).map((name) => `--${name}`);
    throw new UsageError(reason.startsWith('Unknown') ? `${reason}: expected ${names.join(', ')}.` : `${reason}.`);
  }
}

/**
 * Holds the values of options against their rules.
 * @template {string} Option
 * @param {Readonly<Record<NoInfer<Option>, string>>} values
 * @param {Readonly<Record<Option, readonly [RegExp, string]>>} rules each with a pattern, and what it means in words
 * @throws {UsageError} with the option, the value and the rule
 */
export function checkRules(values, rules) {
  const options = /** @type {Option[]} */ (Object.keys(rules));
  for (const option of options) {
    const [pattern, rule] = rules[option];
    if (!pattern.test(values[option]))
      throw new UsageError(`--${option} is ${JSON.stringify(values[option])}: expected ${rule}.`);
  }
}

/**
 * Reads positive numbers that follow a command, each with a default.
 * @param {readonly string[]} words
 * @param {Readonly<Record<string, number>>} defaults by name, in order
 * @returns {number[]}
 */
export function readNumbers(words, defaults) {
  const names = Object.keys(defaults);
  if (words.length > names.length)
    throw new UsageError(`Expected at most ${names.join(' and ')}, got ${JSON.stringify(words.join(' '))}.`);
  return Object.entries(defaults).map(([name, value], i) => {
    const word = words[i];
    if (word === undefined) return value;
    if (Number(word) > 0 && Number.isFinite(Number(word))) return Number(word);
    throw new UsageError(`Expected ${name} to be a positive number, got ${JSON.stringify(word)}.`);
  });
}

/**
 * Runs a command, or reads the words of one; a failure becomes one line and ends the process.
 * @template Result
 * @param {() => Result} work
 */
export async function runCommand(work) {
  try {
    return await work();
  } catch (error) {
    const { message, cause } = error instanceof Error ? error : new Error(String(error));
    console.error(cause instanceof Error ? `${message}: ${cause.message}` : message);
    process.exit(error instanceof UsageError ? 2 : 1);
  }
}
