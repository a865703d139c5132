/** Plays the steps of a job of a workflow: its shell commands for real, its actions as they are told. */
import { mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { parse } from 'yaml';
import { projectDirectory } from '../processes';
import { run } from './commands';

interface Step {
  readonly name?: string;
  readonly id?: string;
  readonly if?: string;
  readonly run?: string;
  readonly env?: Readonly<Record<string, string>>;
}

interface Job {
  readonly env: Readonly<Record<string, string>>;
  readonly steps: readonly Step[];
}

type Outputs = Readonly<Record<string, string>>;

export interface Circumstances {
  readonly vars: Outputs;
  /** Environment of the machine that runs the job. */
  readonly env: Record<string, string>;
  /** Outputs of actions, by the id of their step. */
  readonly actions: Readonly<Record<string, Outputs>>;
}

export interface Play {
  /** Names of the steps that failed. */
  readonly failed: readonly string[];
  /** Names of the steps with commands that ran. */
  readonly ran: readonly string[];
}

/** Runs a job to its end, as GitHub does: after a failure only steps that ask for it. */
export async function playJob(workflow: string, job: string, { vars, env, actions }: Circumstances): Promise<Play> {
  const text = readFileSync(join(projectDirectory, '.github/workflows', workflow), 'utf8');
  const { env: jobEnv, steps } = (parse(text) as { readonly jobs: Readonly<Record<string, Job>> }).jobs[job] as Job;
  const output = join(mkdtempSync(join(tmpdir(), 'outputs-')), 'output');
  const done: Record<string, { outcome: string; outputs: Outputs }> = {};
  const failed: string[] = [];
  const ran: string[] = [];

  const evaluate = (expression: string): unknown =>
    runInNewContext(expression, { vars, steps: done, success: () => failed.length === 0 });
  const fill = (values: Readonly<Record<string, string>> = {}) =>
    Object.fromEntries(
      Object.entries(values).map(([name, value]) => [
        name,
        value.replace(/\$\{\{(.*?)\}\}/g, (_all, expression: string) => String(evaluate(expression))),
      ]),
    );
  const isDue = (condition?: string) =>
    condition === undefined ? failed.length === 0 : Boolean(evaluate(condition.replace(/^\$\{\{|\}\}$/g, '')));

  for (const { name = '', id = name, if: condition, run: commands, env: stepEnv } of steps) {
    done[id] = { outcome: 'skipped', outputs: {} };
    if (!isDue(condition)) continue;
    if (commands === undefined) {
      done[id] = { outcome: 'success', outputs: actions[id] ?? {} };
      continue;
    }
    writeFileSync(output, '');
    const environment = { ...env, ...fill(jobEnv), ...fill(stepEnv), GITHUB_OUTPUT: output };
    const { code } = await run('bash', ['-e', '-c', commands], environment);
    done[id] = { outcome: code === 0 ? 'success' : 'failure', outputs: readOutputs(output) };
    ran.push(name);
    if (code !== 0) failed.push(name);
  }
  return { failed, ran };
}

function readOutputs(path: string): Outputs {
  const lines = readFileSync(path, 'utf8').split('\n').filter(Boolean);
  return Object.fromEntries(lines.map((line) => [line.slice(0, line.indexOf('=')), line.slice(line.indexOf('=') + 1)]));
}
