/** Runs of a slow model have fewer rows, so that each takes about 20 ms. */
import { createRowsPerRun } from '../../../src/model/runtime/rows-per-run';

describe('the rows per run', () => {
  it('sets no limit before it has seen a run, and none for short ones', () => {
    const rowsPerRun = createRowsPerRun();
    rowsPerRun.ran(1_000, 15);
    expect(rowsPerRun.current()).toBe(Number.POSITIVE_INFINITY);
  });

  it('sets out from a first run', () => {
    const rowsPerRun = createRowsPerRun();
    rowsPerRun.start(8, 8);
    expect(rowsPerRun.current()).toBe(20);
  });

  it('gives a run that took too long the rows of 20 ms, and never less than one', () => {
    const rowsPerRun = createRowsPerRun();
    rowsPerRun.ran(1_000, 200);
    expect(rowsPerRun.current()).toBe(100);
    rowsPerRun.ran(100, 1_000);
    expect(rowsPerRun.current()).toBe(2);
    rowsPerRun.ran(2, 100);
    expect(rowsPerRun.current()).toBe(1);
    rowsPerRun.ran(1, 100);
    expect(rowsPerRun.current()).toBe(1);
  });

  it('gives rows back when full runs are short, and only then', () => {
    const rowsPerRun = createRowsPerRun();
    rowsPerRun.ran(1_000, 200);
    rowsPerRun.ran(10, 1);
    expect(rowsPerRun.current()).toBe(100);
    rowsPerRun.ran(100, 15);
    expect(rowsPerRun.current()).toBe(100);
    rowsPerRun.ran(100, 4);
    expect(rowsPerRun.current()).toBe(200);
  });
});
