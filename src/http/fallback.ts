/** The way through functions-framework, for when its server is not ours: it has read the body, or left it unread. */
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { App } from '../app';
import { createListener, type ListenerOptions, type RequestListener, toRequest, writeReply } from './listener';
import { bodyTooLarge } from './read-body';

/** A request whose body the framework has read and inflated, when it knew its content type. */
type FrameworkRequest = IncomingMessage & { readonly rawBody?: Buffer; readonly originalUrl?: string };

export function createFallback(
  app: App,
  options: ListenerOptions,
): (incoming: FrameworkRequest, response: ServerResponse) => void {
  const listen: RequestListener = createListener(app, options);

  return (incoming, response) => {
    const { rawBody } = incoming;
    if (rawBody === undefined) return listen(incoming, response);
    const request = toRequest(incoming, rawBody);
    const respond = (reply: Parameters<typeof writeReply>[1]) => writeReply(response, reply);
    if (rawBody.length > options.maxBodyBytes) app.refuse(bodyTooLarge(options.maxBodyBytes), request, respond);
    else app.handle(request, respond);
  };
}
