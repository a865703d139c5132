/** Callers that send a table in pieces and read its answer meanwhile, over HTTP/1.1 or HTTP/2. */
import { type ClientRequest, type IncomingMessage, request as openRequest } from 'node:http';
import { type ClientHttp2Stream, connect } from 'node:http2';
import { endOfStream, toContinued } from '../../src/arrow/messages';
import { writeStream } from '../../src/arrow/write-stream';
import { featureNames, samples } from '../model-files';

/** Where tables flow, and over what. */
export const hosts = [
  ['functions-framework', 'HTTP/1.1'],
  ['server.ts', 'HTTP/1.1'],
  ['server.ts', 'HTTP/2'],
] as const satisfies readonly (readonly ['functions-framework' | 'server.ts', Version])[];

/** Limits that each of the tables exceeds by far. */
export const small = { MAX_BODY_BYTES: '262144', MAX_REQUEST_ROWS: '10000', MAX_BUFFERED_BYTES: '4000000' };

export const csv = { 'content-type': 'text/csv', accept: 'text/csv' };
export const arrow = { 'content-type': 'application/vnd.apache.arrow.stream' };

export const csvOf = (rows: number) =>
  Array.from({ length: rows }, (_, i) => `${samples[i % samples.length]?.instance.join(',')}\n`).join('');

/** One record batch, behind its schema if it is the first of a stream. */
export function arrowBatch(rows: number, isFirst: boolean): Buffer {
  const type = { kind: 'float', bits: 64 } as const;
  const columns = featureNames.map((name, feature) => {
    const values = Float64Array.from({ length: rows }, (_, i) => samples[i % samples.length]?.instance[feature] ?? 0);
    return { name, type, buffers: [Buffer.from(values.buffer)] };
  });
  return toContinued(Buffer.concat(writeStream(columns, rows)), isFirst);
}

export { endOfStream };

export interface Answer {
  readonly status: number;
  readonly body: Buffer;
  /** Whether its end has come, and not only the end of the connection or a reset. */
  readonly isComplete: boolean;
}

export interface Flow {
  /** Resolves when the bytes are on their way, which they are not while nobody reads them. */
  send(bytes: Buffer | string): Promise<void>;
  /** Ends the table. */
  end(bytes?: Buffer | string): void;
  /** Leaves. */
  cut(): void;
  /** The bytes of the answer so far, once there are as many. */
  until(bytes: number): Promise<number>;
  readonly answer: Promise<Answer>;
}

export type Version = 'HTTP/1.1' | 'HTTP/2';

interface Headers {
  readonly [name: string]: string;
}

/** `isDeaf` callers do not read. */
export function openFlow(port: number, headers: Headers, version: Version = 'HTTP/1.1', isDeaf = false): Flow {
  return version === 'HTTP/1.1' ? openFirst(port, headers, isDeaf) : openSecond(port, headers, isDeaf);
}

type Readable = IncomingMessage | ClientHttp2Stream;

function openFirst(port: number, headers: Headers, isDeaf: boolean): Flow {
  const outgoing = openRequest({ host: '127.0.0.1', port, method: 'POST', path: '/predict', headers, agent: false });
  outgoing.flushHeaders();
  const collected = collect();
  const answer = new Promise<Answer>((resolve) => {
    // Behind the response it means nothing: how that ends tells all.
    let hasBegun = false;
    outgoing.on('error', () => void (hasBegun || resolve(collected.answer(0, false))));
    outgoing.on('response', (incoming) => {
      hasBegun = true;
      if (isDeaf) incoming.pause();
      else collected.read(incoming);
      incoming.on('close', () => resolve(collected.answer(incoming.statusCode ?? 0, incoming.complete)));
    });
  });
  return { ...sending(outgoing), cut: () => outgoing.destroy(), until: collected.until, answer };
}

function openSecond(port: number, headers: Headers, isDeaf: boolean): Flow {
  const session = connect(`http://127.0.0.1:${port}`);
  const stream = session.request({ ':method': 'POST', ':path': '/predict', ...headers });
  session.on('error', () => undefined);
  stream.on('error', () => undefined);
  const collected = collect();
  let status = 0;
  stream.on('response', (fields) => {
    status = Number(fields[':status']);
  });
  if (!isDeaf) collected.read(stream);
  const answer = new Promise<Answer>((resolve) => {
    stream.on('close', () => {
      session.close();
      resolve(collected.answer(status, stream.rstCode === 0));
    });
  });
  return { ...sending(stream), cut: () => session.destroy(), until: collected.until, answer };
}

function sending(sink: ClientRequest | ClientHttp2Stream): Pick<Flow, 'send' | 'end'> {
  return {
    send: (bytes) => new Promise((resolve) => void sink.write(bytes, () => resolve())),
    end: (bytes) => void sink.end(bytes),
  };
}

function collect() {
  const chunks: Buffer[] = [];
  let length = 0;
  let look = () => undefined as undefined;
  return {
    read: (readable: Readable) =>
      void readable
        .on('error', () => undefined)
        .on('data', (chunk: Buffer) => {
          chunks.push(chunk);
          length += chunk.length;
          look();
        }),
    until: (bytes: number) =>
      new Promise<number>((resolve) => {
        look = () => {
          if (length >= bytes) resolve(length);
        };
        look();
      }),
    answer: (status: number, isComplete: boolean): Answer => ({ status, isComplete, body: Buffer.concat(chunks) }),
  };
}
