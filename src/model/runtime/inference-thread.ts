/** The entry of an inference thread: opens its own session and answers each message of rows with their outputs. */
import { parentPort, workerData } from 'node:worker_threads';
import { Problem } from '../../problem';
import type { Card } from '../card/card';
import { OutputMisfit } from '../tensors/outputs';
import { type Tensors, toElementArrays } from '../tensors/tensors';
import { openSession, type SessionOptions } from './session';
import { type Gate, workInside } from './thread-gate';

export interface ThreadData {
  readonly directory: string;
  readonly card: Card;
  readonly options: SessionOptions;
  /** Held while native code runs. */
  readonly gate: Gate;
}

/** The first reply is empty: the session is open. Later ones carry outputs or a failure. */
export interface ThreadReply {
  readonly outputs?: Tensors;
  readonly failure?: unknown;
  /** The message of an `OutputMisfit`: structured cloning loses an error's class. */
  readonly misfit?: string;
  /** The message of the problem `invalid-input`. */
  readonly unfit?: string;
}

async function answerMessages({ directory, card, options, gate }: ThreadData): Promise<void> {
  const session = await workInside(gate, () => openSession(directory, card, options));
  parentPort?.on('message', async (inputs: Tensors) => {
    try {
      reply({ outputs: await workInside(gate, () => session.run(() => inputs)) });
    } catch (failure) {
      reply(toReply(failure));
    }
  });
  reply({});
}

function toReply(failure: unknown): ThreadReply {
  if (failure instanceof OutputMisfit) return { misfit: failure.message };
  return failure instanceof Problem ? { unfit: failure.message } : { failure };
}

function reply(message: ThreadReply): void {
  const data = message.outputs?.data.flatMap(toElementArrays) ?? [];
  // Buffers that the runtime owns cannot be transferred; they are copied.
  const buffers = data.flatMap((part) => (Array.isArray(part) ? [] : [part.buffer as ArrayBuffer]));
  parentPort?.postMessage(message, [...new Set(buffers)]);
}

void answerMessages(workerData as ThreadData);
