/** What commands share: words and options that are read strictly, and exit codes that tell a wrong word (2) from a failure (1). */
const { parseArgs } = require('node:util');

/** A mistake on the command line. */
class UsageError extends Error {}

/**
 * Whether the usage is asked for. Behind `--` there are no options.
 * @param {readonly string[]} words
 */
function asksForHelp(words) {
  const end = words.indexOf('--');
  return words.slice(0, end === -1 ? words.length : end).some((word) => word === '--help' || word === '-h');
}

/**
 * Reads options as `parseArgs` does, and the words between them.
 * @template {import('node:util').ParseArgsConfig} Config
 * @param {Config} config
 * @param {string} [words] that have to be there, and may be in brackets, as in 'IN OUT [DIRECTORY]'; the last may end with an ellipsis
 * @throws {UsageError} for an option that is unknown, empty, given twice or without its value, and for words that are too few or too many
 */
function readOptions(config, words = '') {
  const parsed = parse({ ...config, allowPositionals: true });
  refuseTwice(parse({ ...config, allowPositionals: true, tokens: true }).tokens ?? [], config.options ?? {});
  for (const [name, value] of Object.entries(parsed.values))
    if ([value].flat().includes('')) throw new UsageError(`--${name} is empty: expected a value.`);
  checkWords(parsed.positionals, words);
  return parsed;
}

/**
 * @template {import('node:util').ParseArgsConfig} Config
 * @param {Config} config
 */
function parse(config) {
  try {
    return parseArgs(config);
  } catch (error) {
    const { code, message } = /** @type {Error & { code?: string }} */ (error);
    const [, option = ''] = /'(?:-\w, )?(-[^' ]*)/.exec(message) ?? [];
    const names = Object.keys(config.options ?? {}).map((name) => `--${name}`);
    if (code === 'ERR_PARSE_ARGS_UNKNOWN_OPTION')
      throw new UsageError(
        `Unknown option '${option}': expected ${names.length === 0 ? 'no options' : names.join(', ')}.`,
      );
    if (/does not take/.test(message)) throw new UsageError(`${option} has a value: expected ${option} alone.`);
    throw new UsageError(`${option} has no value: expected ${option}=VALUE.`);
  }
}

/**
 * Which of two values is meant cannot be told.
 * @param {readonly { kind: string, name?: string }[]} tokens
 * @param {NonNullable<import('node:util').ParseArgsConfig['options']>} options
 */
function refuseTwice(tokens, options) {
  const names = tokens.flatMap(({ kind, name = '' }) => (kind === 'option' ? [name] : []));
  const twice = names.find((name, i) => names.indexOf(name) !== i && options[name]?.multiple !== true);
  if (twice !== undefined) throw new UsageError(`--${twice} is given more than once: expected it once.`);
}

/**
 * @param {readonly string[]} given
 * @param {string} words
 */
function checkWords(given, words) {
  const names = words.split(' ').filter(Boolean);
  const least = names.filter((name) => !name.startsWith('[')).length;
  const most = names.some((name) => name.includes('…')) ? Number.POSITIVE_INFINITY : names.length;
  if (given.length >= least && given.length <= most && !given.includes('')) return;
  const got = given.length === 0 ? 'nothing' : given.map((word) => JSON.stringify(word)).join(' ');
  throw new UsageError(`Expected ${words || 'options only'}, got ${got}.`);
}

/**
 * Holds the values of options against their rules.
 * @template {string} Option
 * @param {Readonly<Record<NoInfer<Option>, string>>} values
 * @param {Readonly<Record<Option, readonly [RegExp, string]>>} rules each with a pattern, and what it means in words
 * @throws {UsageError} with the option, the value and the rule
 */
function checkRules(values, rules) {
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
function readNumbers(words, defaults) {
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
 * Runs the subcommand of the first word with the words behind it.
 * @template {string} Name
 * @param {string} usage
 * @param {readonly Name[]} names
 * @param {readonly string[]} words
 * @param {(name: Name, words: readonly string[]) => unknown} run
 */
async function chooseSubcommand(usage, names, words, run) {
  if (asksForHelp(words)) return console.log(usage);
  const [first = '', ...others] = words;
  const name = names.find((each) => each === first);
  if (name !== undefined) return await run(name, others);
  throw new UsageError(first === '' ? usage : `Unknown subcommand ${JSON.stringify(first)}.\n\n${usage}`);
}

/**
 * Runs a command, or reads the words of one; a failure becomes one line and ends the process.
 * @template Result
 * @param {() => Result} work
 */
async function runCommand(work) {
  try {
    return await work();
  } catch (error) {
    console.error(describeFailure(error));
    process.exit(error instanceof UsageError ? 2 : 1);
  }
}

/** @type {Readonly<Record<string, string>>} */
const reasons = {
  EACCES: 'permission denied',
  EEXIST: 'expected a new name, there is a file',
  EISDIR: 'expected a file, got a directory',
  ELOOP: 'its symbolic links lead in a circle',
  ENAMETOOLONG: 'the name is too long for the file system',
  ENOENT: 'no such file or directory',
  ENOSPC: 'no space is left on the device',
  ENOTDIR: 'expected a directory, got a file',
  EPERM: 'permission denied',
  EROFS: 'the file system is read-only',
};

/**
 * One line; what the system says of a file is put into words.
 * @param {unknown} error
 */
function describeFailure(error) {
  /** @type {Error & { code?: string, path?: string, dest?: string }} */
  const { message, cause, code = '', path, dest } = error instanceof Error ? error : new Error(String(error));
  const reason = reasons[code];
  if (reason !== undefined && path !== undefined) return `${dest ?? path}: ${reason}.`;
  return cause instanceof Error ? `${message}: ${cause.message}` : message;
}

module.exports = {
  UsageError,
  asksForHelp,
  checkRules,
  chooseSubcommand,
  describeFailure,
  readNumbers,
  readOptions,
  runCommand,
};
