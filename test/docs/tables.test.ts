/** What the guide to tables does without Python: a file that curl streams, and R where it is installed. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Host, startHost } from '../hosts';
import { samples } from '../model-files';
import { projectDirectory } from '../processes';

const run = promisify(execFile);
const guide = readFileSync(join(projectDirectory, 'docs/guides/tables.md'), 'utf8');
const work = mkdtempSync(join(tmpdir(), 'tables-guide-'));
const rows = 20_000;
const hasR = spawnSync('Rscript', ['--version']).status === 0;

describe('The guide to tables', () => {
  let host: Host;
  beforeAll(async () => {
    host = await startHost('server.ts', { env: { MAX_BODY_BYTES: '100000' } });
  });
  afterAll(async () => {
    await host.stop();
    rmSync(work, { recursive: true });
  });

  const atHost = (program: string) => program.replaceAll('localhost:8080', `127.0.0.1:${host.port}`);
  const inShell = () => ({ cwd: work, env: { ...process.env, URL: host.url } });
  const write = (table: readonly string[]) => writeFileSync(join(work, 'rows.csv'), table.join('\n'));
  const lines = Array.from({ length: rows }, (_, i) => samples[i % samples.length]?.instance.join(',') ?? '');
  const curl = /```sh\n(curl [^\n]*-T rows\.csv[^\n]*)\n/.exec(guide)?.[1] ?? '';

  test('streams a file through curl', async () => {
    write(lines);
    await run('bash', ['-c', curl], inShell());
    const answers = readFileSync(join(work, 'answers.csv'), 'utf8').trimEnd().split('\n');
    expect(answers.map((line) => line.split(',')[0])).toEqual(
      Array.from({ length: rows }, (_, i) => samples[i % samples.length]?.prediction.label),
    );
  });

  test.each([
    ['HTTP/1.1', '', 18],
    ['HTTP/2', '--http2-prior-knowledge', 92],
  ])('says how curl exits over %s when the answer is cut short', async (_, option, code) => {
    write([...lines, 'x,x,x,x']);
    expect(guide).toMatch(new RegExp(`\\b${code}\\b`));
    const cut = run('bash', ['-c', curl.replace('curl', `curl ${option}`)], inShell());
    await expect(cut).rejects.toMatchObject({ code });
  });

  (hasR ? test : test.skip)(`predicts in R${hasR ? '' : ' (skipped: R is not installed)'}`, async () => {
    const program = /```r\n([^`]*)```/.exec(guide)?.[1] ?? '';
    const { stdout } = await run('Rscript', ['-e', `${atHost(program)}\ncat(predictions$label)`], { cwd: work });
    expect(stdout).toBe('setosa virginica');
  });
});
