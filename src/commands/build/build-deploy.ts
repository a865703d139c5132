/** What `gcp-build` adds to a build: a tree of a few files, in which each host is one. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeBillOfMaterials } from './bill-of-materials';
import { bundleDeploy } from './bundles';
import { checkWeights } from './check-weights';
import { leaveOutFiles, leaveOutPackages } from './leave-out';
import { writeNotices } from './notices';
import { root } from './paths';
import { recordCode } from './record-code';

/** Sources are deleted only from a copy: people work in a checkout, unless a buildpack has made it. */
function isWorkedIn(): boolean {
  return existsSync(join(root, '.git')) && process.env.CNB_BUILDPACK_DIR === undefined;
}

async function main(): Promise<void> {
  writeBillOfMaterials();
  if (isWorkedIn()) {
    console.log('This is a Git checkout: its sources and packages stay, and the hosts are not bundled with them.');
    return;
  }
  const { metafiles, outside, hooks } = await bundleDeploy();
  writeNotices(metafiles);
  const copies = await checkWeights();
  await recordCode();
  leaveOutFiles([...copies, ...hooks]);
  leaveOutPackages(outside);
}

main().catch((failure: unknown) => {
  console.error(failure instanceof Error ? failure.message : failure);
  process.exitCode = 1;
});
