/** Two projects: the inner loop, and what is outside of it because it is slow by nature or needs more than this package. */

/** Paths below test/ that `npm test` runs where `CI` is set or their tools are there, and `npm run test:outside` always. */
const outside = [
  // Python environments with official clients and a fuzzer of the document.
  'clients/',
  // A Chromium.
  'playground/',
  // gcloud itself, a second for each command.
  'deploy/gcloud',
  // A deployed tree, and each host started some ten times.
  'compare',
  // Thousands of requests, or megabytes in each.
  'survive/hostile',
  // Callers that take megabytes of answers and read none, until each has been cut off.
  'survive/unread-answers',
  // Hosts that are ended again and again, under load or within the runtime.
  'survive/restarts',
  'survive/thread-ends',
].map((path) => `/test/${path}`);

const shared = {
  preset: 'ts-jest',
  testEnvironment: 'node',
  setupFiles: ['<rootDir>/test/realm.ts'],
  roots: ['<rootDir>/test'],
  // What the build has compiled of the card serves the host in process, too: to compile it anew takes each file of tests a second.
  moduleNameMapper: { '/src/validators\\.built\\.js$': '<rootDir>/dist/validators.built.js' },
};

module.exports = {
  projects: [
    { ...shared, displayName: 'inner', testPathIgnorePatterns: outside },
    { ...shared, displayName: 'outside', testRegex: outside.map((path) => `${path}.*\\.test\\.ts$`) },
  ],
  maxWorkers: '100%',
  testSequencer: '<rootDir>/test/longest-first.cjs',
  testTimeout: 900_000,
  collectCoverageFrom: ['src/**/*.ts'],
  coverageReporters: ['text', 'lcov'],
};
