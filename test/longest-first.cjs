/** Begins with the files that take longest: Jest goes by their size as long as it has no timings, and one core would wait for the other. */
const { default: Sequencer } = require('@jest/test-sequencer');

const longest = [
  'survive/hostile-bodies',
  'clients/fuzzer',
  'deploy/gcloud',
  'compare',
  'survive/hostile-pipelines',
  'survive/unread-answers',
  'survive/thread-ends',
  'every-model',
  'survive/overload',
  'survive/pipelines',
  'commands/model/inspect',
  'lifecycle',
].map((name) => `/test/${name}.test.ts`);

module.exports = class extends Sequencer {
  sort(tests) {
    const isLong = ({ path }) => longest.some((name) => path.endsWith(name));
    const sorted = super.sort(tests);
    return [...sorted.filter(isLong), ...sorted.filter((test) => !isLong(test))];
  }
};
