/** Starts each host of a deploy and predicts once, so that the code which V8 compiles for it need not be compiled again. */
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { readConfig } from '../../config';
import { readSamples } from '../../model/acceptance/golden-samples';
import { findFreePort, firstAnswer } from '../first-answer';
import { root } from './paths';
import { starters, writeStarters } from './starters';

const deadlineMs = 30_000;

const hosts = [[starters.service], [starters.framework, '--target=predict']];

export async function recordCode(): Promise<void> {
  const [sample] = readSamples(readConfig().modelDirectory);
  const body = JSON.stringify({ instances: [sample?.instance] });
  writeStarters('recordBundle');
  for (const host of hosts) await recordHost(host, body);
  writeStarters('loadBundle');
}

async function recordHost(command: readonly string[], body: string): Promise<void> {
  const port = await findFreePort();
  const env = { ...process.env, NODE_ENV: 'production', MODEL_LOADING: 'eager', PORT: String(port) };
  const host = spawn(process.execPath, command, { cwd: root, env, stdio: ['ignore', 'pipe', 'inherit'] });
  const ended = once(host, 'exit');
  const deadline = setTimeout(() => host.kill('SIGKILL'), deadlineMs);
  try {
    await firstAnswer(host, `http://127.0.0.1:${port}`, body, deadlineMs);
  } finally {
    // The code is written when the host exits.
    host.kill('SIGTERM');
    await ended;
    clearTimeout(deadline);
  }
}
