/** Two projects: the inner loop, and what is outside of it because it is slow by nature or needs more than this package. */
const { availableParallelism } = require('node:os');

/** Paths below test/ that `npm test` runs where `CI` is set or their tools are there, and `npm run test:outside` always. */
const outside = [
  // Python environments with official clients and a fuzzer of the document.
  'clients/',
  // A Chromium.
  'playground/',
  // gcloud itself, the deploy scripts against services that they start, a second for each command.
  'deploy/',
  // A deployed tree, and hosts that are started and ended again and again.
  'compare',
  'commands/build/deployed-tree',
  'commands/build/native-packages',
  'commands/build/hooks-guide',
  'model/hooks/',
  'lifecycle',
  // Checkouts that are built and started, as on a first day.
  'commands/mistakes',
  // A project that is packed, made, installed, tested and upgraded.
  'commands/create/',
  // The model commands, each a process that serves, times and weighs a model.
  'commands/model/',
  // A heap that is weighed, value by value.
  'json/counts',
  // Attacks: thousands of requests, megabytes in each, callers that are cut off, failures injected at each step.
  'survive/',
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
  // One more than there are cores: many tests wait, for timeouts or for processes to start.
  maxWorkers: availableParallelism() + 1,
  testSequencer: '<rootDir>/test/longest-first.cjs',
  testTimeout: 900_000,
  collectCoverageFrom: ['src/**/*.ts'],
  coverageReporters: ['text', 'lcov'],
};
