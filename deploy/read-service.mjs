/**
 * Reads `gcloud run services describe NAME --format=json` from standard input and prints step outputs for a rollout:
 * the service's URL, the revisions that get traffic now, and the revision behind a tag with its URL.
 */
import { readFileSync } from 'node:fs';

/** @typedef {{ revisionName?: string, percent?: number, tag?: string, url?: string }} Target */

/**
 * @param {{ status: { url: string, traffic?: readonly Target[] } }} service
 * @param {string} tag
 */
function toOutputs({ status: { url, traffic = [] } }, tag) {
  const serving = traffic.filter(({ percent = 0 }) => percent > 0);
  const tagged = traffic.find((target) => target.tag === tag);
  return {
    url,
    serving: serving.map(({ revisionName, percent }) => `${revisionName}=${percent}`).join(','),
    tagged: tagged?.revisionName ?? '',
    tagged_url: tagged?.url ?? '',
  };
}

const [, , wanted = ''] = process.argv;
const outputs = toOutputs(JSON.parse(readFileSync(0, 'utf8')), wanted);
for (const [name, value] of Object.entries(outputs)) console.log(`${name}=${value}`);
