/** A copy of the model to break, a host that serves it, and what callers of a model that is not served get. */
import type { Reply } from './client';
import { type Host, startHost } from './hosts';
import { copyModel, type ModelCopy } from './model-copy';

/** The line of a load that failed. */
export const failure = /"Version \S+ of the model could not be loaded\."/;

/** A copy for each test. */
export function useCopies(): () => ModelCopy {
  let copy: ModelCopy;
  beforeEach(() => {
    copy = copyModel();
  });
  afterEach(() => copy.remove());
  return () => copy;
}

/** Runs a test on a host that serves a copy, and ends the host. */
export async function withHost(
  { directory }: Pick<ModelCopy, 'directory'>,
  env: Readonly<Record<string, string>>,
  run: (host: Host) => Promise<void>,
): Promise<void> {
  const host = await startHost('server.ts', { env: { MODEL_DIR: directory, ...env } });
  try {
    await run(host);
  } finally {
    await host.stop();
  }
}

export function expectUnavailable(
  { directory }: Pick<ModelCopy, 'directory'>,
  { status, headers, json, text }: Reply,
): void {
  expect({ status, json }).toMatchObject({
    status: 503,
    json: { type: 'urn:problem-type:onnx-predict:model-unavailable' },
  });
  expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  expect(text).not.toContain(directory);
}
