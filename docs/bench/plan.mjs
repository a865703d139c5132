/** How long and how often each figure is measured: the full run, which is published, the light one for a quick look. */
export const connectionCounts = [1, 16, 64];

export const fullPlan = {
  rounds: 9,
  seconds: 1,
  warmUpSeconds: 2,
  rowCounts: [10, 1_000, 50_000],
  rowRounds: 5,
  longRequests: 6,
  coldStarts: 10,
  memoryRounds: 3,
  memoryRequests: { few: 1_000, many: 100_000 },
};

export const lightPlan = {
  rounds: 1,
  seconds: 1,
  warmUpSeconds: 1,
  rowCounts: [1_000, 50_000],
  rowRounds: 1,
  longRequests: 2,
  coldStarts: 2,
  memoryRounds: 1,
  memoryRequests: { few: 1_000, many: 10_000 },
};
