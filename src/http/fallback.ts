/** The way through functions-framework, for when its server is not ours: it has read the body, or left it unread. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { App } from '../app';
import { createEvent } from '../telemetry/event';
import { createListener, type ListenerOptions, sendReply, toRequest } from './listener';
import type { HttpReply } from './message';
import { bodyTooLarge } from './read-body';

/** A request whose body the framework has read and inflated, when it knew its content type. */
type FrameworkRequest = IncomingMessage & { readonly rawBody?: Buffer };

export function createFallback(
  app: App,
  options: ListenerOptions,
): (incoming: FrameworkRequest, response: ServerResponse) => void {
  const listen = createListener(app, options);

  return (incoming, response) => {
    const { rawBody } = incoming;
    if (rawBody === undefined) return listen(incoming, response);
    const request = toRequest(incoming, rawBody, createEvent(), options);
    const respond = (reply: HttpReply) => sendReply(incoming, response, reply);
    if (rawBody.length > options.maxBodyBytes) app.refuse(bodyTooLarge(options.maxBodyBytes), request, respond);
    else app.handle(request, respond);
  };
}
