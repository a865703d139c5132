/** What falls short of what is wanted, with the reason: it stands beside the figures. */
import { ratios, sayWanted } from './ratios.mjs';

/** Megabytes that a deploy should take. */
const wantedSize = 50;

const isShort = (value, { least = Number.NEGATIVE_INFINITY, most = Number.POSITIVE_INFINITY } = {}) =>
  value < least || value > most;

/** Markdown paragraphs; none when nothing falls short. */
export function listShortfalls(measurements) {
  const lines = ratios.flatMap(({ title, over, under, wanted, because }) => {
    const value = measurements.ratio(over, under)?.ofMedians;
    if (value === undefined || !isShort(value, wanted)) return [];
    return `- ${title}: ${value.toFixed(2)}, target ${sayWanted(wanted)}. ${because ?? 'Rounds differ: see the range.'}`;
  });
  const size = (measurements.median('size', 'function') ?? 0) / 1e6;
  if (size > wantedSize)
    lines.push(
      `- deployed size: ${size.toFixed(1)} MB, target at most ${wantedSize}. Nearly all of it is ONNX Runtime’s library.`,
    );
  return lines.length === 0 ? [] : ['Targets missed:', lines.join('\n')];
}
