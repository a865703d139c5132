/** Where this code lies: `dist/`, in files of their own or bundled into those of the hosts, and `src/` while a test runs it. */
export const codeDirectory = __dirname;
