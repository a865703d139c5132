/** What `npm run build` adds to the compiled modules: validators of the card, the page's script, and each host in one file. */

import { bundleHosts, bundlePage } from './bundles';
import { compileValidators } from './compile-validators';

compileValidators();
bundlePage();
bundleHosts();
