/** A slow model gets threads where the container's memory has room for their sessions, and none where it has not. */
import { countThreads, type Memory, readMemory } from '../../../src/model/runtime/thread-memory';

const mebibyte = 1024 * 1024;

function memoryOf({ limit = 512, heap = 256, resident = 60, session = 90 }): Memory {
  return {
    limitBytes: limit * mebibyte,
    heapBytes: heap * mebibyte,
    residentBytes: resident * mebibyte,
    sessionBytes: session * mebibyte,
  };
}

describe('the number of threads', () => {
  const count = (weights: number, memory: Parameters<typeof memoryOf>[0], cores = 2) =>
    countThreads(weights * mebibyte, memoryOf(memory), cores);

  test.each([
    ['one for each core where memory is plenty', 22, { limit: 8192 }, 2],
    ['as many as have room', 22, { limit: 560 }, 1],
    ['none where the first session leaves no room for a second', 200, { session: 420 }, 0],
    ['none where the weights alone are too large, whatever the process seems to have grown by', 200, { session: 1 }, 0],
    ['none where the heap of JavaScript may take all', 22, { heap: 500 }, 0],
    ['one for a small session in a small container', 1, { session: 20 }, 2],
  ])('is %s', (_, weights, memory, expected) => {
    expect(count(weights, memory)).toBe(expected);
  });

  test('never exceeds what fits into the limit beside the heap and the first session', () => {
    for (let session = 1; session < 600; session += 7) {
      const threads = count(1, { session }, 64);
      if (threads > 0) expect(256 + 60 + session + threads * session).toBeLessThanOrEqual(512);
    }
  });

  test('is judged by a limit that is there', () => {
    const { limitBytes, heapBytes, sessionBytes } = readMemory(0);
    expect(limitBytes).toBeGreaterThan(mebibyte);
    expect(limitBytes).toBeLessThan(2 ** 50);
    expect(heapBytes).toBeGreaterThan(mebibyte);
    expect(sessionBytes).toBeGreaterThan(mebibyte);
  });
});
