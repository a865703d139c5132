/** What promoting a candidate came to, as lines of text. */
import type { Comparison, Promotion } from './promote';

/** `directory` is that of the model, as it was named. */
export function printPromotion(
  { before, after, comparisons, isPromoted }: Promotion,
  directory: string,
): readonly string[] {
  const lines = [
    `${before.name}: ${before.version} is served, ${after.version} is the candidate`,
    ...comparisons.map(describe),
  ];
  if (!isPromoted)
    return [...lines, 'Nothing was changed: the candidate is worse, or cannot be compared. --anyway promotes it.'];
  return [
    ...lines,
    `Promoted: ${after.version} is the model, and there is no candidate. Commit it in one step:`,
    `  git add --all ${quote(directory)} && git commit --message "Serve ${after.name} ${after.version}"`,
  ];
}

function describe({ what, isWorse, text }: Comparison): string {
  if (isWorse === undefined) return `${what}: not compared, ${text}`;
  return `${what}: ${isWorse ? 'worse' : 'not worse'}, ${text}`;
}

/** As a shell reads it. */
function quote(word: string): string {
  return /^[\w./-]+$/.test(word) ? word : `'${word.replaceAll("'", "'\\''")}'`;
}
