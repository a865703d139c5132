/** The directory of this code: `dist/`, bundled or not, and `src/` in tests. */
export const codeDirectory = __dirname;
