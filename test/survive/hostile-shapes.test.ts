/** Bodies of every shape, many to a connection and to a write: each gets its answer, in order. `npm run fuzz` sends most of its cases so. */
import { once } from 'node:events';
import { connect, type Socket } from 'node:net';
import { deflateSync, gzipSync } from 'node:zlib';
import { type Host, type HostKind, startHost } from '../hosts';
import { goodInstance, samples } from '../model-files';
import { createAnswerReader } from './answer-reader';
import { type Chance, createChance } from './chance';
import { growBody, toMoulds } from './grown-json';
import { goodBodies, pathsOfBodies } from './hostile';
import { seed } from './seed';

/** On each host. */
const runs = Math.ceil(Number(process.env.FUZZ_RUNS ?? 3000) / 3);
/** Requests of one write. */
const mostTogether = 16;
/** A new connection after so many writes. */
const writesOfConnection = 50;

const moulds = goodBodies.flatMap(toMoulds);

function growRequest(chance: Chance): Buffer {
  const text = Buffer.from(growBody(chance, moulds));
  const coding = chance.one(['', '', '', '', 'gzip', 'deflate']);
  const body =
    coding === '' ? text : coding === 'gzip' ? gzipSync(text, { level: 1 }) : deflateSync(text, { level: 1 });
  const fields = [
    `POST ${chance.one(pathsOfBodies)} HTTP/1.1`,
    'host: localhost',
    `content-type: application/${chance.one(['json', 'json', 'json', 'cloudevents+json', 'octet-stream'])}`,
    ...(coding === '' ? [] : [`content-encoding: ${coding}`]),
    ...(chance.once(20) ? [`inference-header-content-length: ${chance.below(2 * body.length)}`] : []),
  ];
  return Buffer.concat(chance.once(10) ? inChunks(fields, body, chance) : withLength(fields, body));
}

function withLength(fields: readonly string[], body: Buffer): Buffer[] {
  return [Buffer.from([...fields, `content-length: ${body.length}`, '', ''].join('\r\n')), body];
}

function inChunks(fields: readonly string[], body: Buffer, chance: Chance): Buffer[] {
  const at = chance.below(body.length + 1);
  const chunks = [body.subarray(0, at), body.subarray(at)].filter(({ length }) => length > 0);
  return [
    Buffer.from([...fields, 'transfer-encoding: chunked', '', ''].join('\r\n')),
    ...chunks.flatMap((chunk) => [Buffer.from(`${chunk.length.toString(16)}\r\n`), chunk, Buffer.from('\r\n')]),
    Buffer.from('0\r\n\r\n'),
  ];
}

async function open(port: number): Promise<Socket> {
  const socket = connect({ port, host: '127.0.0.1' });
  await once(socket, 'connect');
  return socket;
}

/** Sends requests in one write and waits for as many answers. Throws where one is none that is documented. */
async function play(socket: Socket, requests: readonly Buffer[]): Promise<void> {
  const reader = createAnswerReader();
  await new Promise<void>((resolve, reject) => {
    function take(chunk: Buffer): void {
      reader.add(chunk);
      if (reader.answers.length < requests.length) return;
      socket.off('data', take).off('close', leave);
      resolve();
    }
    const leave = () => reject(new Error(`The connection closed after ${reader.answers.length} answers.`));
    socket.on('data', take).on('close', leave);
    socket.write(Buffer.concat(requests));
  });
  expect(reader.answers).toHaveLength(requests.length);
  for (const [i, { status, contentType, text }] of reader.answers.entries()) {
    if (status < 400 && contentType !== undefined) continue;
    const isDocument = /^application\/(problem\+)?json$/.test(contentType ?? '') && text.includes(`"status":${status}`);
    if (status >= 500 || !isDocument) throw new Error(`${text} came for ${requests[i]?.toString('latin1', 0, 2000)}`);
  }
}

// The framework without our listener answers in its own way.
describe.each<HostKind>(['in process', 'functions-framework', 'server.ts'])('Bodies of every shape, %s', (kind) => {
  let host: Host;
  beforeAll(async () => {
    host = await startHost(kind, { env: { LOG_REQUESTS: 'none' } });
  });
  afterAll(() => host.stop());

  test(
    `${runs} of them (FUZZ_SEED=${seed})`,
    async () => {
      const chance = createChance(seed);
      let socket = await open(host.port);
      for (let sent = 0, writes = 1; sent < runs; writes++) {
        const requests = Array.from({ length: 1 + chance.below(mostTogether) }, () => growRequest(chance));
        await play(socket, requests);
        sent += requests.length;
        if (writes % writesOfConnection > 0) continue;
        socket.destroy();
        socket = await open(host.port);
      }
      socket.destroy();
      const { json } = await host.post('/predict', { instances: [goodInstance] });
      expect(json).toEqual({ predictions: [samples[0]?.prediction] });
    },
    300_000 + runs * 100,
  );
});
