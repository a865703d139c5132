/** Lets Node read compiled code from the cache that the build has made; imported before everything else. */
import { existsSync } from 'node:fs';
import nodeModule from 'node:module';
import { join } from 'node:path';

export const compileCacheDirectory = join(__dirname, 'compile-cache');

/** Node 20, whose types these are, does not have it yet. */
interface WithCompileCache {
  enableCompileCache?(directory: string): void;
}

// Without a cache from the build there is nothing to read, and no place that may be written to.
if (existsSync(compileCacheDirectory)) (nodeModule as WithCompileCache).enableCompileCache?.(compileCacheDirectory);
