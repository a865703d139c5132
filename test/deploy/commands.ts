/** Runs the commands of deploy/ as people do, and reads what they print. */
import { execFile } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join } from 'node:path';
import { projectDirectory } from '../processes';

export interface Outcome {
  readonly code: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** Runs a program in the directory of the project, in an environment that inherits PATH and HOME. */
export function run(program: string, words: readonly string[], env: Record<string, string> = {}): Promise<Outcome> {
  const { PATH = '', HOME = '' } = process.env;
  return new Promise((resolve) => {
    execFile(program, words, { cwd: projectDirectory, env: { PATH, HOME, ...env } }, (error, stdout, stderr) => {
      resolve({ code: error === null ? 0 : Number(error.code), stdout, stderr });
    });
  });
}

export const project = 'a-project';

/** What `npm run deploy` would run, without running it. */
export async function printDeploy(...words: readonly string[]): Promise<string[][]> {
  const { stdout } = await run('node', ['deploy/deploy.mjs', ...words, `--project=${project}`, '--dry-run']);
  return readCommands(stdout);
}

/** Takes printed shell commands apart, words as the shell would give them to the program. */
export async function readCommands(text: string): Promise<string[][]> {
  const lines = text.replaceAll('\\\n', ' ').split('\n');
  const commands = lines.filter((line) => line.startsWith('gcloud ') || line.startsWith('docker '));
  return Promise.all(commands.map(splitWords));
}

async function splitWords(command: string): Promise<string[]> {
  const { stdout } = await run('bash', ['-c', `printf '%s\\0' ${command}`]);
  return stdout.split('\0').slice(0, -1);
}

/** The value of a flag, which stands in one word with it. */
export function flag(command: readonly string[], name: string): string | undefined {
  return command.find((word) => word.startsWith(`--${name}=`))?.slice(name.length + 3);
}

export function isInstalled(program: string): boolean {
  return (process.env.PATH ?? '').split(delimiter).some((directory) => isExecutable(join(directory, program)));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** `describe` where gcloud is installed; elsewhere its tests are skipped, and the title says why. */
export const describeWithGcloud = (title: string, suite: () => void) =>
  isInstalled('gcloud') ? describe(title, suite) : describe.skip(`${title} (skipped: gcloud is not installed)`, suite);

const imageWithoutDigest = 'europe-west1-docker.pkg.dev/a-project/models/one';

export const image = { bare: imageWithoutDigest, withDigest: `${imageWithoutDigest}@sha256:${'0'.repeat(64)}` };

/** Every way to deploy, as words of a command line. */
export const recipes = [
  { words: ['function'] },
  { words: ['function', '--api=functions'] },
  { words: ['service'] },
  { words: ['service', `--image=${image.withDigest}`, '--http2'] },
];

/** Every way to deploy a job. */
export const jobs = [
  { words: ['job', 'rows.csv', 'out/answers.arrow', '--bucket=a-bucket'] },
  { words: ['job', 'rows.csv', 'out/answers.arrow', '--bucket=a-bucket', `--image=${image.withDigest}`] },
];

export async function printOne(words: readonly string[]): Promise<string[]> {
  const [command, ...others] = await printDeploy(...words);
  if (command === undefined || others.length > 0) throw new Error(`Expected one command of ${words.join(' ')}.`);
  return command;
}
