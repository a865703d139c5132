/** A fuzzer that reads the published document finds nothing: no status, body or failure that is not in it. */
import { execFile } from 'node:child_process';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { type ProcessKind, startHost } from '../hosts';
import { requirements } from '../tools.cjs';
import { setUpPython } from './python';

const run = promisify(execFile);
const python = setUpPython(requirements.fuzzer);
/** Fixed, so that a run that fails fails again; `SCHEMA_SEED` tries others. */
const seed = process.env.SCHEMA_SEED ?? '1';

const settingsDirectory = join(__dirname, 'fuzzer');
const configuration = join(settingsDirectory, 'schemathesis.toml');
const allPhases = 'examples,coverage,fuzzing';
/** The edges of each schema to one host, once where two paths share it, and made-up requests to the other; all to both when there is time. */
const cases: readonly (readonly [ProcessKind, string, readonly string[]])[] =
  process.env.SCHEMA_SEED === undefined
    ? [
        ['functions-framework', 'examples,fuzzing', []],
        ['server.ts', 'examples,coverage', ['--exclude-path-regex', '/versions/']],
      ]
    : [
        ['functions-framework', allPhases, []],
        ['server.ts', allPhases, []],
      ];

describe('schemathesis', () => {
  if ('missing' in python) {
    test.skip(`is not run: ${python.missing}`, () => undefined);
    return;
  }

  test.each(cases)('finds nothing wrong with %s, by %s', async (kind, phases, choice) => {
    const host = await startHost(kind);
    // It keeps a record of what it sent where it is started.
    const directory = mkdtempSync(join(tmpdir(), 'fuzzer-'));
    const command = join(dirname(python.python), 'schemathesis');
    const checks = [
      ...['--checks', 'all'],
      // The number of elements that a shape promises, or JSON within base64, is more than a schema can say.
      ...['--exclude-checks', 'positive_data_acceptance'],
    ];
    const settings = ['--seed', seed, '--max-examples', '20', '--phases', phases, ...choice];
    const quiet = ['--continue-on-failure', '--suppress-health-check', 'all', '--no-color'];
    try {
      const { stdout } = await run(
        command,
        ['--config-file', configuration, 'run', `${host.url}/openapi.json`, ...checks, ...settings, ...quiet],
        {
          cwd: directory,
          env: { ...process.env, SCHEMATHESIS_HOOKS: join(settingsDirectory, 'json_lines.py') },
          maxBuffer: 64 * 1024 * 1024,
        },
      ).catch(({ stdout: output }: { stdout: string }) => {
        throw new Error(`With the seed ${seed} it found:\n${output.slice(-6_000)}`);
      });
      expect(stdout).toMatch(/\d+ generated, \d+ passed/);
    } finally {
      rmSync(directory, { recursive: true });
      await host.stop();
    }
  });
});
