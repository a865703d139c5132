/** Calls of gRPC on node:http2, sent as they are told; the messages of ModelInfer. */
import { once } from 'node:events';
import { type ClientHttp2Session, type ClientHttp2Stream, connect, type OutgoingHttpHeaders } from 'node:http2';
import { createCursor, nextField, readBytes, skipField, wireTypes } from '../src/protobuf/cursor';
import { bytesField, packedField, textField } from '../src/protobuf/write';
import { card } from './model-files';

const service = '/inference.GRPCInferenceService';

export interface Outcome {
  /** Of HTTP. */
  readonly status: number;
  readonly headers: Readonly<Record<string, unknown>>;
  /** The status of gRPC; undefined when the stream was reset without one. */
  readonly code: number | undefined;
  /** The text of a failure. */
  readonly text: string;
  /** The message, without its prefix. */
  readonly message: Buffer;
}

export interface Call {
  readonly stream: ClientHttp2Stream;
  readonly outcome: Promise<Outcome>;
}

export interface GrpcClient {
  readonly session: ClientHttp2Session;
  /** Sends bytes as the whole body of a call. */
  send(method: string, body: Buffer, headers?: OutgoingHttpHeaders): Call;
  /** Sends a message and waits for the outcome. */
  call(method: string, message?: Buffer, headers?: OutgoingHttpHeaders): Promise<Outcome>;
  close(): void;
}

export async function createGrpcClient(port: number): Promise<GrpcClient> {
  const session = connect(`http://127.0.0.1:${port}`);
  session.on('error', () => undefined);
  await once(session, 'connect');

  function send(method: string, body: Buffer, headers: OutgoingHttpHeaders = {}): Call {
    const path = method.startsWith('/') ? method : `${service}/${method}`;
    const fields = { 'content-type': 'application/grpc', te: 'trailers', ...headers };
    const stream = session.request({ ':method': 'POST', ':path': path, ...fields });
    const outcome = readOutcome(stream);
    stream.end(body);
    return { stream, outcome };
  }

  return {
    session,
    send,
    call: (method, message = Buffer.alloc(0), headers = {}) => send(method, frame(message), headers).outcome,
    close: () => session.destroy(),
  };
}

export function readOutcome(stream: ClientHttp2Stream): Promise<Outcome> {
  let fields: Record<string, unknown> = {};
  const chunks: Buffer[] = [];
  stream.on('response', (headers) => {
    fields = { ...headers };
  });
  stream.on('trailers', (trailers) => {
    fields = { ...fields, ...trailers };
  });
  stream.on('data', (chunk: Buffer) => chunks.push(chunk));
  stream.on('error', () => undefined);
  return new Promise((resolve) => {
    stream.on('close', () => {
      const { 'grpc-status': code, 'grpc-message': text = '', ':status': status = 0 } = fields;
      resolve({
        status: Number(status),
        headers: fields,
        code: code === undefined ? undefined : Number(code),
        text: decodeURIComponent(String(text)),
        message: Buffer.concat(chunks).subarray(5),
      });
    });
  });
}

/** A message with its prefix. */
export function frame(message: Buffer, isCompressed = false): Buffer {
  const prefix = Buffer.alloc(5);
  prefix[0] = Number(isCompressed);
  prefix.writeUInt32BE(message.length, 1);
  return Buffer.concat([prefix, message]);
}

/** A ModelInferRequest for rows of the model, as bytes. */
export function inferRequest(rows: readonly (readonly number[])[], name: string = card.name): Buffer {
  const data = Buffer.from(Float32Array.from(rows.flat()).buffer);
  const width = rows[0]?.length ?? 0;
  const input = tensor(card.inputs[0]?.name ?? '', 'FP32', [rows.length, width]);
  return Buffer.concat([textField(1, name), bytesField(5, input), bytesField(7, data)]);
}

/** An InferInputTensor, with typed contents if they are given. */
export function tensor(name: string, datatype: string, shape: readonly number[], contents?: Buffer): Buffer {
  const head = [textField(1, name), textField(2, datatype), packedField(3, shape)];
  return Buffer.concat(contents === undefined ? head : [...head, bytesField(5, contents)]);
}

export interface Answered {
  readonly outputs: Readonly<Record<string, Buffer | undefined>>;
  /** Contents of each output that has them. */
  readonly contents: readonly Buffer[];
  readonly id: string;
}

/** The outputs of a ModelInferResponse. */
export function readInferResponse(message: Buffer): Answered {
  const fields = fieldsOf(message);
  const outputs = fields.filter(([number]) => number === 5).map(([, bytes]) => fieldsOf(bytes));
  const raw = fields.filter(([number]) => number === 6).map(([, bytes]) => bytes);
  const names = outputs.map((output) => String(output.find(([number]) => number === 1)?.[1]));
  return {
    outputs: Object.fromEntries(names.map((name, i) => [name, raw[i]])),
    contents: outputs.flatMap((output) => output.filter(([number]) => number === 5).map(([, bytes]) => bytes)),
    id: String(fields.find(([number]) => number === 3)?.[1] ?? ''),
  };
}

/** The fields of a message that have a length. */
function fieldsOf(message: Buffer): readonly (readonly [number: number, bytes: Buffer])[] {
  const fields: (readonly [number, Buffer])[] = [];
  const cursor = createCursor(message);
  while (nextField(cursor)) {
    if (cursor.wireType === wireTypes.bytes) fields.push([cursor.field, readBytes(cursor)]);
    else skipField(cursor);
  }
  return fields;
}
