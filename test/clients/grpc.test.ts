/** The official Triton client for gRPC works against the service host, on the port of HTTP/1.1. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { documents } from '../docs/documents';
import { programsWith } from '../docs/programs';
import { type Host, startHost } from '../hosts';
import { modelDirectory } from '../model-files';
import { requirements } from '../tools.cjs';
import { setUpPython } from './python';

const run = promisify(execFile);
const python = setUpPython(requirements.grpc);

describe('gRPC', () => {
  if ('missing' in python) {
    test.skip(`is not run: ${python.missing}`, () => undefined);
    return;
  }

  let host: Host;
  beforeAll(async () => {
    host = await startHost('server.ts');
  });
  afterAll(() => host.stop());

  async function runScript(name: string): Promise<string> {
    const script = [join(__dirname, 'grpc', name), `127.0.0.1:${host.port}`, modelDirectory];
    const { stdout } = await run((python as { readonly python: string }).python, script, {
      env: { PYTHONDONTWRITEBYTECODE: '1' },
    });
    return stdout;
  }

  test('serves tritonclient, synchronous and asynchronous, and refuses its stream', async () => {
    expect(await runScript('triton.py')).toBe('38 forms of inference agree with the golden samples\n');
  });

  test('serves the official clients for health and reflection, with the messages that others know', async () => {
    expect(await runScript('tools.py')).toMatch(/^\d{2,} fields are those of Triton's and gRPC's own definitions\n$/);
  });

  test('answers the programs of the documents', async () => {
    const programs = programsWith(documents, 'tritonclient.grpc');
    expect(programs).toHaveLength(1);
    for (const { program, answer } of programs) {
      const text = program.replaceAll('localhost:8080', `127.0.0.1:${host.port}`);
      const { stdout } = await run((python as { readonly python: string }).python, ['-c', text]);
      expect(JSON.parse(stdout)).toEqual(answer);
    }
  });
});
