/** What `gcp-build` adds to a build: a tree of a few files. It deletes sources, so it is for copies that nobody works in. */
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { writeBillOfMaterials } from './bill-of-materials';
import { bundleDeploy } from './bundles';
import { leaveOutFiles, leaveOutPackages } from './leave-out';
import { writeNotices } from './notices';
import { root } from './paths';
import { recordCode } from './record-code';

async function main(): Promise<void> {
  if (existsSync(join(root, '.git'))) {
    throw new Error(
      'Expected a copy of what .gcloudignore lets through, got a Git checkout: gcp-build would delete its sources.',
    );
  }
  writeBillOfMaterials();
  writeNotices(await bundleDeploy());
  await recordCode();
  leaveOutFiles();
  leaveOutPackages();
}

void main();
