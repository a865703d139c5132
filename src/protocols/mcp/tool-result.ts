/** The result of a tool: its JSON as structured content, and again as text for clients that read only that. */
import type { HttpReply } from '../../http/message';
import { type Problem, type ProblemType, toProblemDocument } from '../../problem';
import type { Work } from '../../turns';
import { createReplyText, type ReplyLimit } from '../shared/reply-text';

/** Problems that a caller can mend by other arguments: agents get them as results. */
const mendable: readonly ProblemType[] = ['invalid-input', 'too-many-rows', 'reply-too-large', 'not-explainable'];

export function isMendable({ type }: Problem): boolean {
  return mendable.includes(type);
}

/** What was wrong, each fault on a line. */
export function faultResult(problem: Problem): object {
  const { detail, errors = [] } = toProblemDocument(problem);
  const lines = errors.map(({ pointer, detail: fault }) => `${pointer}: ${fault}`);
  return { content: [{ type: 'text', text: lines.length > 0 ? lines.join('\n') : detail }], isError: true };
}

/** Puts the JSON body of `reply` into a response; `head` and `tail` are the text around the result's own members. */
export function* wrapResult(reply: HttpReply, head: string, tail: string, limit: ReplyLimit): Work<HttpReply> {
  const pieces = Array.isArray(reply.body) ? (reply.body as readonly Buffer[]) : [reply.body as string | Buffer];
  const text = createReplyText(limit);
  text.add(`${head}"content":[{"type":"text","text":"`);
  for (const piece of pieces) if (text.add(JSON.stringify(String(piece)).slice(1, -1))) yield;
  text.add('"}],"structuredContent":');
  for (const piece of pieces) if (text.add(String(piece))) yield;
  text.add(tail);
  return { ...reply, body: text.end() };
}
