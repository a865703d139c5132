/** Makes Node use the compile cache that the build wrote; import it before everything else. */
import { existsSync } from 'node:fs';
import nodeModule from 'node:module';
import { join } from 'node:path';

export const compileCacheDirectory = join(__dirname, 'compile-cache');

/** Missing from Node 20, whose types we use. */
interface WithCompileCache {
  enableCompileCache?(directory: string): void;
}

// Without a cache from the build, Node would try to write one.
if (existsSync(compileCacheDirectory)) (nodeModule as WithCompileCache).enableCompileCache?.(compileCacheDirectory);
