/** Asks on a terminal until an answer is right. Elsewhere an answer that was not given is the usual one, and a wrong one ends the command. */
import { createInterface } from 'node:readline';
import { UsageError } from '../../src/commands/command-line.cjs';

/**
 * @template Value
 * @typedef {object} Question
 * @property {string} text
 * @property {string | undefined} usual the answer unless another is given; undefined where there is none
 * @property {(answer: string) => Value} read throws a UsageError for a wrong answer
 */

/** @param {boolean} isAsking whether somebody is there */
export function createQuestions(isAsking) {
  const terminal = isAsking ? createInterface({ input: process.stdin, output: process.stderr }) : undefined;
  // Not by `question`: lines that are pasted at once would be lost.
  const lines = terminal?.[Symbol.asyncIterator]();

  /**
   * @template Value
   * @param {string | undefined} given by an option
   * @param {Question<Value>} question
   * @returns {Promise<Value>}
   */
  async function ask(given, { text, usual, read }) {
    if (given !== undefined) return read(given);
    if (terminal === undefined) return read(usual ?? '');
    for (;;) {
      const answer = await askOnce(usual ? `${text} [${usual}]: ` : `${text}: `);
      const value = attempt(() => read(answer || (usual ?? '')));
      if (value !== undefined) return value.read;
    }
  }

  /** @param {string} text */
  async function askOnce(text) {
    terminal?.setPrompt(text);
    terminal?.prompt();
    const line = await lines?.next();
    // Ctrl-C and Ctrl-D are answers, too.
    if (line === undefined || line.done) throw new Error('Nothing was created.');
    return line.value.trim();
  }

  return { ask, close: () => terminal?.close() };
}

/**
 * What was read, or nothing after a line about what is wrong.
 * @template Value
 * @param {() => Value} read
 */
function attempt(read) {
  try {
    return { read: read() };
  } catch (failure) {
    if (!(failure instanceof UsageError)) throw failure;
    console.error(failure.message);
    return undefined;
  }
}
