/** A model that cannot be loaded is tried again after waits that grow, up to half a minute. */
import { createBackOff } from '../../../src/model/runtime/back-off';

function createClock() {
  let ms = 0;
  const pass = (more: number) => {
    ms += more;
  };
  return { now: () => ms, pass };
}

test('each failure doubles the wait, up to 30 s', () => {
  const { now, pass } = createClock();
  const backOff = createBackOff(1_000, now);
  expect(backOff.leftMs()).toBe(0);
  const waits = Array.from({ length: 8 }, () => {
    backOff.failed();
    const wait = backOff.leftMs();
    pass(wait - 1);
    expect(backOff.leftMs()).toBe(1);
    pass(1);
    expect(backOff.leftMs()).toBe(0);
    return wait / 1_000;
  });
  expect(waits).toEqual([1, 2, 4, 8, 16, 30, 30, 30]);
});

test('a success begins anew', () => {
  const { now, pass } = createClock();
  const backOff = createBackOff(1_000, now);
  for (let i = 0; i < 3; i++) {
    backOff.failed();
    pass(backOff.leftMs());
  }
  backOff.succeeded();
  backOff.failed();
  expect(backOff.leftMs()).toBe(1_000);
});

test('without a first wait there is none at all', () => {
  const backOff = createBackOff(0, () => 0);
  backOff.failed();
  backOff.failed();
  expect(backOff.leftMs()).toBe(0);
});
