/** The workflow lets callers in to a revision that answers the golden samples, and to no other. */
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Host, startHost } from '../hosts';
import { deployedDirectory } from '../model-files';
import { projectDirectory } from '../processes';
import { type Play, playJob } from './workflow';

interface State {
  readonly traffic: Readonly<Record<string, number>>;
  readonly commands: readonly string[];
}

const otherModel = join(projectDirectory, 'test/fixtures/models/lookup');

describe('The workflow', () => {
  let good: Host;
  let bad: Host;
  let directory: string;

  beforeAll(async () => {
    good = await startHost('in process', { env: { MODEL_DIR: deployedDirectory } });
    bad = await startHost('in process', { env: { MODEL_DIR: otherModel } });
    directory = mkdtempSync(join(tmpdir(), 'rollout-'));
    mkdirSync(join(directory, 'bin'));
    symlinkSync(join(projectDirectory, 'test/fixtures/gcloud.mjs'), join(directory, 'bin/gcloud'));
  });
  afterAll(async () => {
    await Promise.all([good.stop(), bad.stop()]);
    rmSync(directory, { recursive: true });
  });

  /** Plays the deploy of a revision that one host stands for, in a service that another stands for. */
  async function deploy(revision: Host, service: Host): Promise<Play & State> {
    const path = join(directory, 'state.json');
    const traffic = { 'one-00006': 10, 'one-00007': 90 };
    const state = { url: service.url, newest: 'one-00008', newestUrl: revision.url, traffic, commands: [] };
    writeFileSync(path, JSON.stringify(state));
    const play = await playJob('deploy.yml', 'deploy', {
      vars: { GCP_PROJECT: 'a-project', GCP_REGION: 'europe-west1', GCP_SERVICE: 'one' },
      env: { STATE: path, PATH: `${join(directory, 'bin')}:${process.env.PATH}` },
      actions: { identity: { id_token: 'a-token' } },
    });
    return { ...play, ...(JSON.parse(readFileSync(path, 'utf8')) as State) };
  }

  test('deploys once, asks the new revision, and gives it all the traffic', async () => {
    const { failed, ran, traffic, commands } = await deploy(good, good);
    expect(failed).toEqual([]);
    expect(traffic).toEqual({ 'one-00008': 100 });
    expect(commands.filter((command) => command === 'run deploy one')).toHaveLength(1);
    expect(ran.indexOf('Ask the new revision')).toBeLessThan(ran.indexOf('Let callers in'));
    expect(ran).not.toContain('Roll back');
  });

  test('leaves the traffic where it is when the new revision answers otherwise', async () => {
    const { failed, ran, traffic, commands } = await deploy(bad, good);
    expect(failed).toEqual(['Ask the new revision']);
    expect(traffic).toEqual({ 'one-00006': 10, 'one-00007': 90 });
    expect(commands.join()).not.toContain('update-traffic');
    expect(ran).not.toContain('Let callers in');
  });

  test('puts the traffic back, share by share, when the service answers otherwise', async () => {
    const { failed, ran, traffic } = await deploy(good, bad);
    expect(failed).toEqual(['Ask the service']);
    expect(ran.at(-1)).toBe('Roll back');
    expect(traffic).toEqual({ 'one-00006': 10, 'one-00007': 90 });
  });
});
