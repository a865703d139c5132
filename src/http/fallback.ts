/** The way through functions-framework, for when its server is not ours: it has read the body, or left it unread. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { App } from '../app';
import { createEvent } from '../telemetry/event';
import { createBodyBudget } from './body-budget';
import { abandon, answer, createListener, type ListenerOptions, toRequest } from './listener';
import { bodyTooLarge } from './read-body';
import type { ClientTimeouts } from './timeouts';
import { createUnreadWatch } from './unread';
import { createReplyWriter } from './write-reply';

/** A request whose body the framework has read and inflated, when it knew its content type. */
type FrameworkRequest = IncomingMessage & { readonly rawBody?: Buffer };

export function createFallback(
  app: App,
  options: ListenerOptions & ClientTimeouts,
): (incoming: FrameworkRequest, response: ServerResponse) => void {
  const listen = createListener(app, options);
  const budget = createBodyBudget(options.maxBufferedBytes);
  const writeReply = createReplyWriter(budget);
  const watchUnread = createUnreadWatch(options.clientTimeoutMs);
  app.addHost(() => ({ bufferedBytes: budget.takenBytes(), longBodies: 0 }));

  async function serve(incoming: FrameworkRequest, response: ServerResponse, rawBody: Buffer): Promise<void> {
    const request = toRequest(incoming, rawBody, createEvent());
    const isTooLarge = rawBody.length > options.maxBodyBytes;
    const reply = isTooLarge ? app.refuse(bodyTooLarge(options.maxBodyBytes), request) : await app.handle(request);
    await answer(app, writeReply, request, response, reply);
  }

  return (incoming, response) => {
    const { rawBody } = incoming;
    watchUnread(incoming.socket);
    if (rawBody === undefined) listen(incoming, response);
    else void serve(incoming, response, rawBody).catch((failure) => abandon(response, failure));
  };
}
