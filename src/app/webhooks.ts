/** Consent to web hooks (CloudEvents' abuse protection): senders that are listed may deliver events here. */
import type { HttpReply, HttpRequest } from '../http/message';

export type Consent = (reply: HttpReply, request: HttpRequest) => HttpReply;

/** Undefined when no sender is listed: without the fields, a sender takes the answer for a refusal. */
export function createConsent(senders: readonly string[]): Consent | undefined {
  if (senders.length === 0) return undefined;

  return (reply, { method, headers }) => {
    const sender = headers['webhook-request-origin'];
    if (method !== 'OPTIONS' || reply.status !== 204 || typeof sender !== 'string') return reply;
    if (!senders.includes('*') && !senders.includes(sender.toLowerCase())) return reply;
    const consent = ['webhook-allowed-origin', sender, 'webhook-allowed-rate', '*'];
    return { ...reply, headers: [...reply.headers, ...consent] };
  };
}
