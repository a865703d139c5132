/** Clients of gRPC that take half a gigabyte, or a compiler: run where REFEREES=all asks for them. */
import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { type Host, startHost } from '../hosts';
import { card, goodInstance, modelDirectory, samples } from '../model-files';
import { projectDirectory } from '../processes';
import { buildGoProgram } from './go-programs';
import { setUpPython } from './python';

const run = promisify(execFile);
const isWanted = process.env.REFEREES === 'all';
const pins = join(projectDirectory, 'test/fixtures/grpcurl');

describe('On the service host', () => {
  if (!isWanted) {
    test.skip('KServe’s client, MLServer’s types and grpcurl are not run: set REFEREES=all (gigabytes of packages, a build by go)', () =>
      undefined);
    return;
  }

  let host: Host;
  beforeAll(async () => {
    host = await startHost('server.ts');
  });
  afterAll(() => host.stop());

  test.each([
    ['KServe’s InferenceGRPCClient', 'kserve', 'both forms of tensors agree with the golden samples\n'],
    ['MLServer’s types', 'mlserver', '2 codecs agree with the golden samples over REST and gRPC\n'],
  ])('%s, with the golden samples', async (_, name, said) => {
    const python = setUpPython(join(__dirname, `grpc/${name}/requirements.txt`));
    if ('missing' in python) throw new Error(python.missing);
    const script = [join(__dirname, `grpc/${name}/client.py`), `127.0.0.1:${host.port}`, modelDirectory];
    const { stdout } = await run(python.python, script, { env: { PYTHONDONTWRITEBYTECODE: '1' } });
    expect(stdout).toBe(said);
  });

  test('grpcurl lists what is served, and predicts without a .proto file', async () => {
    const grpcurl = buildGoProgram(pins, 'github.com/fullstorydev/grpcurl/cmd/grpcurl');
    if ('missing' in grpcurl) throw new Error(grpcurl.missing);
    const ask = async (...words: readonly string[]) => (await run(grpcurl.program, ['-plaintext', ...words])).stdout;
    const address = `127.0.0.1:${host.port}`;
    expect(await ask(address, 'list')).toContain('inference.GRPCInferenceService\n');
    expect(await ask(address, 'describe', 'inference.ModelInferRequest')).toContain(
      'repeated bytes raw_input_contents = 7;',
    );
    const input = {
      name: card.inputs[0]?.name,
      datatype: 'FP32',
      shape: [1, goodInstance.length],
      contents: { fp32_contents: goodInstance },
    };
    const request = JSON.stringify({ model_name: card.name, inputs: [input] });
    const answer = JSON.parse(await ask('-d', request, address, 'inference.GRPCInferenceService/ModelInfer')) as {
      readonly outputs: readonly { readonly contents: { readonly int64_contents?: readonly string[] } }[];
    };
    const [label] = answer.outputs[0]?.contents.int64_contents ?? [];
    expect(card.labels[Number(label)]).toBe(samples[0]?.prediction.label);
    expect(JSON.parse(await ask(address, 'grpc.health.v1.Health/Check'))).toEqual({ status: 'SERVING' });
  });
});
