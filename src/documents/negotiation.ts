/** Documents for browsers or for programs, made when they are first asked for. */
import type { HttpReply, HttpRequest } from '../http/message';

/** A document for browsers and for programs. */
export interface Forms {
  readonly page: HttpReply;
  readonly document: HttpReply;
}

/** Whether the client is a browser: programs either accept no HTML or prefer JSON. */
export function prefersHtml({ headers: { accept = '' } }: HttpRequest): boolean {
  const [html, json] = [accept.indexOf('text/html'), accept.indexOf('application/json')];
  return html !== -1 && (json === -1 || html < json);
}

export function withVary(reply: HttpReply): HttpReply {
  return { ...reply, headers: [...reply.headers, 'vary', 'accept'] };
}

export function once<Value>(create: () => Value): () => Value {
  let value: Value | undefined;
  return () => (value ??= create());
}
