/** Runs of a slow model have fewer rows, so that each takes about 20 ms. */
import { createPace } from '../../../src/model/runtime/rows-per-run';

describe('the pace', () => {
  it('sets no limit before it has seen a run, and none for short ones', () => {
    const pace = createPace();
    pace.ran(1_000, 15);
    expect(pace.rowsPerRun()).toBe(Number.POSITIVE_INFINITY);
  });

  it('sets out from a first run', () => {
    const pace = createPace();
    pace.start(8, 8);
    expect(pace.rowsPerRun()).toBe(20);
  });

  it('gives a run that took too long the rows of 20 ms, and never less than one', () => {
    const pace = createPace();
    pace.ran(1_000, 200);
    expect(pace.rowsPerRun()).toBe(100);
    pace.ran(100, 1_000);
    expect(pace.rowsPerRun()).toBe(2);
    pace.ran(2, 100);
    expect(pace.rowsPerRun()).toBe(1);
    pace.ran(1, 100);
    expect(pace.rowsPerRun()).toBe(1);
  });

  it('gives rows back when full runs are short, and only then', () => {
    const pace = createPace();
    pace.ran(1_000, 200);
    pace.ran(10, 1);
    expect(pace.rowsPerRun()).toBe(100);
    pace.ran(100, 15);
    expect(pace.rowsPerRun()).toBe(100);
    pace.ran(100, 4);
    expect(pace.rowsPerRun()).toBe(200);
  });
});
