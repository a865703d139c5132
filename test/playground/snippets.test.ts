/** What the page offers to copy is what it answers: each program is copied, run, and compared with the page. */
import { execFile, spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';
import { setUpPython } from '../clients/python';
import { type Host, startHost } from '../hosts';
import { card, goodInstance, samples } from '../model-files';
import { requirements } from '../tools.cjs';
import { predicted, usePages } from './browser';

const run = promisify(execFile);
const { open, testInBrowser } = usePages();
const python = setUpPython(requirements.clients);
const grpc = setUpPython(requirements.grpc);

/** What runs a program, and what reads its output; undefined where the machine cannot. */
const runners: Readonly<Record<string, ((program: string) => Promise<{ stdout: string }>) | undefined>> = {
  curl: (program) => run('bash', ['-c', program]),
  Python: 'missing' in python ? undefined : (program) => run(python.python, ['-c', program]),
  Go: spawnSync('go', ['version']).status === 0 ? runGo : undefined,
  gRPC: 'missing' in grpc ? undefined : (program) => run(grpc.python, ['-c', program]),
  MCP: (program) => run('bash', ['-c', program]),
  TypeScript: (program) => run(process.execPath, ['--input-type=module', '--eval', toModule(program)]),
};

async function runGo(program: string): Promise<{ stdout: string }> {
  const directory = mkdtempSync(join(tmpdir(), 'go-'));
  writeFileSync(join(directory, 'main.go'), program);
  try {
    return await run('go', ['run', 'main.go'], { cwd: directory });
  } finally {
    rmSync(directory, { recursive: true });
  }
}

function toModule(program: string): string {
  const compilerOptions = { target: ScriptTarget.ES2022, module: ModuleKind.ESNext };
  return transpileModule(program, { compilerOptions }).outputText;
}

describe('The programs of the playground', () => {
  let host: Host;
  beforeAll(async () => {
    host = await startHost('server.ts');
  });
  afterAll(() => host.stop());

  testInBrowser.each(Object.keys(runners))('print in %s what the page says', async (language) => {
    const page = await open(host.url, { permissions: ['clipboard-read', 'clipboard-write'] });
    const last = samples.at(-1);
    for (const [i, value] of (last?.instance ?? goodInstance).entries())
      await page.locator(`#field-${i}`).fill(`${value}`);
    await predicted(page, last?.prediction.label);
    await page
      .locator('summary', { hasText: language })
      .evaluate((summary) => summary.parentElement?.setAttribute('open', ''));
    await page.getByRole('button', { name: `Copy ${language}` }).click();
    await page.getByRole('button', { name: 'Copied' }).waitFor();
    const program = await page.evaluate<string>('navigator.clipboard.readText()');
    const answer = await runners[language]?.(program);
    if (answer === undefined)
      return console.warn(`No ${language} here, or none of its packages: its program is not run.`);
    const { label = '' } = last?.prediction ?? {};
    // Tensors hold the places of labels.
    expect(answer.stdout).toContain(language === 'gRPC' ? `label [${card.labels.indexOf(label)}]` : label);
  });
});
