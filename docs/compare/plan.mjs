/** How long and how often each figure is measured: the full run for the document, the quick one for development. */

export const fullPlan = {
  starts: 25,
  secondStarts: 5,
  lightTurns: 4_000,
  warmUpTurns: 200,
  connectionCounts: [1, 4, 16, 64, 256],
  crowdRounds: 3,
  crowdSeconds: 3,
  endings: 10,
  artifactLoads: 5,
};

export const quickPlan = {
  starts: 1,
  secondStarts: 1,
  lightTurns: 50,
  warmUpTurns: 10,
  connectionCounts: [1, 16],
  crowdRounds: 1,
  crowdSeconds: 1,
  endings: 1,
  artifactLoads: 1,
};
