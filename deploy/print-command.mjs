/** Prints a command as a shell takes it, a flag a line. */

/** Words that need no quotes in a shell. */
const plainWord = /^[\w@%+=:,./-]+$/;

/** @param {string} word */
function quote(word) {
  return plainWord.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}

/** @param {readonly string[]} command */
export function print(command) {
  const words = command.map(quote);
  const firstFlag = words.findIndex((word) => word.startsWith('--'));
  const head = words.slice(0, firstFlag === -1 ? words.length : firstFlag).join(' ');
  console.log([head, ...words.slice(head.split(' ').length)].join(' \\\n  '));
}
