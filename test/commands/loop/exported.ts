/** Captures of good rows and feedback for them, as a server writes them, and what an export makes of them. */
import { mkdirSync, readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory } from '../../capture/captured';
import { card, goodInstance, modelDirectory, samples, toObjectForm } from '../../model-files';
import { runLoop } from './loop-command';

const time = '2026-11-27T01:41:47.246Z';
export const toldAt = '2026-11-28T10:00:00.000Z';
export const named = toObjectForm(goodInstance);
export const [{ prediction }] = samples as readonly [(typeof samples)[number]];

export const capture = (id: string, instances: readonly object[], more: object = {}) => ({
  ...{ id, time, model: card.name, version: card.version, protocol: 'kserve-v1', latencyMicroseconds: 250 },
  ...{ instances, predictions: instances.map(() => prediction), ...more },
});
export const feedback = (id: string, told: string, row = 0) => ({
  ...{ id, row, feedback: { label: told }, time: toldAt, model: card.name },
});

/** What the capture of a good row is in the table. */
export const usual = {
  ...{ id: 'a', row: 0, time, model: card.name, version: card.version, protocol: 'kserve-v1' },
  ...{ latencyMicroseconds: 250, ...named, label: prediction.label },
  ...Object.fromEntries(
    Object.entries(prediction.probabilities).map(([key, share]) => [`probabilities.${key}`, share]),
  ),
  ...{ outside: [], 'feedback.label': null, 'feedback.time': null },
};

export function makeExport() {
  const own = makeDirectory();
  const captures = join(own.directory, 'captures');
  mkdirSync(captures);
  const out = join(own.directory, 'table.parquet');
  return {
    ...{ directory: own.directory, captures, out, remove: own.remove },
    writeCaptures(lines: readonly unknown[]): void {
      const text = lines.map((line) => (typeof line === 'string' ? line : JSON.stringify(line))).join('\n');
      writeFileSync(join(captures, 'captures-1.ndjson'), text);
    },
    exportTo: (model = modelDirectory, ...words: readonly string[]) =>
      runLoop('export', captures, '--out', out, '--model', model, ...words),
    /** Drafts of the file. */
    leftBeside: () => readdirSync(own.directory).filter((name) => name.startsWith('table.parquet.')),
  };
}
