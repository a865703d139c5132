/** Agents: the official clients of the Model Context Protocol, and its conformance tests, against started servers. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { documents } from '../docs/documents';
import { programsWith } from '../docs/programs';
import { type Host, processKinds, startHost } from '../hosts';
import { card, isCloseTo, type Prediction, samples, toObjectForm } from '../model-files';
import { projectDirectory } from '../processes';
import { setUpPackages } from './node-packages';

const run = promisify(execFile);
const agents = join(projectDirectory, 'test/clients/agents');
const packages = setUpPackages(agents);
const few = samples.slice(0, 3);
const instances = JSON.stringify(few.map(({ instance }) => toObjectForm(instance)));

/** The scenarios of a server without prompts, streams, subscriptions, logging or tools made for the suite. */
const scenarios = ['server-initialize', 'ping', 'tools-list', 'resources-list', 'dns-rebinding-protection'];
/** The suite imports what older versions lack. */
const canConform = Number(process.versions.node.split('.')[0]) >= 22;

interface Result {
  readonly structuredContent: Readonly<Record<string, unknown>>;
  readonly content: readonly { readonly text: string }[];
  readonly isError?: boolean;
}

interface Printed {
  readonly tools: readonly { readonly name: string }[];
  readonly predicted: Result;
  readonly explained: Result;
  readonly described: Result;
  readonly refused: Result;
  readonly card: { readonly name: string };
}

describe.each(processKinds)('Agents, %s', (kind) => {
  if ('missing' in packages) {
    test.skip(`are not run: ${packages.missing}`, () => undefined);
    return;
  }
  const { directory: cwd } = packages;
  let host: Host;
  beforeAll(async () => {
    host = await startHost(kind);
  });
  afterAll(() => host.stop());

  test.each([
    ['1', 'which starts with a handshake'],
    ['2', 'which says its version in each request'],
  ])('call each tool with the official client %s, %s', async (generation) => {
    const { stdout } = await run(
      process.execPath,
      [join(agents, 'sdk.mjs'), generation, `${host.url}/mcp`, instances],
      {
        cwd,
      },
    );
    const printed = JSON.parse(stdout) as Printed;
    expect(printed.tools.map(({ name }) => name)).toEqual(['predict', 'explain', 'describe']);
    const { predictions } = printed.predicted.structuredContent as { readonly predictions: readonly Prediction[] };
    expect(predictions).toHaveLength(few.length);
    expect(few.every(({ prediction }, i) => isCloseTo(predictions[i], prediction))).toBe(true);
    expect(JSON.parse(printed.predicted.content[0]?.text ?? '')).toEqual({ predictions });
    expect(printed.explained.structuredContent.explanations).toHaveLength(few.length);
    expect(printed.described.structuredContent).toMatchObject({ model: { name: card.name }, labels: card.labels });
    expect(printed.refused).toMatchObject({ isError: true });
    expect(printed.card.name).toBe(card.name);
  });

  test('answer the program of the documents', async () => {
    const programs = programsWith(documents, '@modelcontextprotocol/sdk');
    expect(programs).toHaveLength(1);
    for (const { program, answer } of programs) {
      const text = program.replace('localhost:8080', `127.0.0.1:${host.port}`);
      const { stdout } = await run(process.execPath, ['--input-type=module', '--eval', text], { cwd });
      expect(JSON.parse(stdout)).toEqual(answer);
    }
  });

  const conform = canConform ? test : test.skip;
  conform.each(scenarios)(
    'find the scenario %s of the conformance suite kept (needs Node.js 22 or newer)',
    async (scenario) => {
      const suite = join(cwd, 'node_modules/@modelcontextprotocol/conformance/dist/index.js');
      // It takes only "localhost" for a name of this machine.
      const url = `http://localhost:${host.port}/mcp`;
      const { stdout } = await run(process.execPath, [suite, 'server', '--url', url, '--scenario', scenario], { cwd });
      expect(stdout).toMatch(/(\d+)\/\1 passed|Passed: (\d+)\/\2/);
    },
  );
});
