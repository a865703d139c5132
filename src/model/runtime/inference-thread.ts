/** A thread that runs the model: opens a session of its own and answers each message with the outputs of its rows. */
import { parentPort, workerData } from 'node:worker_threads';
import type { Card } from '../card/card';
import { OutputMisfit } from '../tensors/outputs';
import type { Tensors } from '../tensors/tensors';
import { openSession, type SessionOptions } from './session';
import { type Gate, workInside } from './thread-gate';

/** What a thread is started with. */
export interface ThreadData {
  readonly directory: string;
  readonly card: Card;
  readonly options: SessionOptions;
  /** What the thread is inside of while it opens and runs the session. */
  readonly gate: Gate;
}

/** The outputs of the rows that were sent; the first reply has neither and says that the session is open. */
export interface ThreadReply {
  readonly outputs?: Tensors;
  readonly failure?: unknown;
  /** The message of an `OutputMisfit`: what kind of error it is would get lost on the way. */
  readonly misfit?: string;
}

async function answerMessages({ directory, card, options, gate }: ThreadData): Promise<void> {
  const session = await workInside(gate, () => openSession(directory, card, options));
  parentPort?.on('message', async (inputs: Tensors) => {
    try {
      reply({ outputs: await workInside(gate, () => session.run(() => inputs)) });
    } catch (failure) {
      reply(failure instanceof OutputMisfit ? { misfit: failure.message } : { failure });
    }
  });
  reply({});
}

function reply(message: ThreadReply): void {
  const data = message.outputs?.data ?? [];
  // Memory of the runtime itself cannot change hands: such a buffer is copied.
  const buffers = data.flatMap((part) => (Array.isArray(part) ? [] : [part.buffer as ArrayBuffer]));
  parentPort?.postMessage(message, [...new Set(buffers)]);
}

void answerMessages(workerData as ThreadData);
