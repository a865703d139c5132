/** What `npm run build` adds to the compiled modules: validators of the card, the page's script, and each host in one file. */

import { bundleHosts, bundlePage } from './bundles';
import { compileValidators } from './compile-validators';
import { requireFiles } from './require-files';

try {
  compileValidators();
  requireFiles();
  bundlePage();
  bundleHosts();
} catch (failure) {
  // People who build have a wrong card or setting, not a defect of the build: its stack would hide the message.
  console.error(failure instanceof Error ? failure.message : failure);
  process.exitCode = 1;
}
