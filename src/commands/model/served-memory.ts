/** Describes the memory that a process holds which serves the model, and which deploy it fits. */
import type { ColdStarts, ServedMemory } from './cold-start';

/** Of Cloud Run and Cloud Run functions, in mebibytes. */
const sizes = [512, 1024, 2048, 4096, 8192, 16_384, 32_768];
const usualSize = 512;
const mebibytesPerGi = 1024;
/** For bodies, answers and runs of more rows than were tried. */
const reserve = 1.25;
const bytesPerMb = 1e6;
const bytesPerMebibyte = 1024 * 1024;

/** The held memory, and the size of a deploy. The largest instance that callers may send takes more than the samples. */
export function describeMemory(
  { memory, memoryAlone }: Pick<ColdStarts, 'memory' | 'memoryAlone'>,
  largestMegabytes: number,
): readonly string[] {
  const threads = memory.threads === 0 ? 'no inference threads' : `inference threads: ${memory.threads}`;
  const alone = memoryAlone === undefined ? '' : `; ${memoryAlone.megabytes} MB without them, where they do not fit`;
  const held = `${memory.megabytes} MB used by server.ts after some requests${describePeak(memory)}; ${threads}${alone}`;
  return [held, describeDeploy(memoryAlone ?? memory, largestMegabytes)];
}

function describePeak({ peakMegabytes }: ServedMemory): string {
  return peakMegabytes === undefined ? '' : `, ${peakMegabytes} MB at peak`;
}

function describeDeploy({ megabytes, peakMegabytes = megabytes }: ServedMemory, largestMegabytes: number): string {
  const needed = ((peakMegabytes + largestMegabytes) * bytesPerMb * reserve) / bytesPerMebibyte;
  const size = sizes.find((each) => each >= needed);
  if (size === undefined) return `more than the largest instance has, ${sizes.at(-1)} MiB`;
  const name = size < mebibytesPerGi ? `${size}Mi` : `${size / mebibytesPerGi}Gi`;
  return size === usualSize ? `fits a deploy of ${name}, the default` : `needs a deploy with --memory ${name}`;
}
