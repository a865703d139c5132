/** Compresses long replies with a coding that the caller accepts. */
import { constants, deflate, gzip } from 'node:zlib';
import { bodyBytes, type HttpReply } from '../http/message';

const codings = ['gzip', 'deflate'] as const;
type Coding = (typeof codings)[number];

const compressors = { gzip, deflate };
// Level 1 shrinks numbers nearly as well as level 6, in a third of the time.
const options = { level: constants.Z_BEST_SPEED };

/** The reply, compressed if `accepted` (the Accept-Encoding field) names a supported coding. */
export async function compressReply(reply: HttpReply, accepted: string): Promise<HttpReply> {
  const coding = chooseCoding(accepted);
  if (coding === undefined) return reply;
  const body = await compressBody(reply.body, coding);
  if (body === undefined) return reply;
  return { ...reply, headers: [...reply.headers, 'content-encoding', coding, 'vary', 'accept-encoding'], body };
}

/** Undefined if it cannot be compressed. */
export function compressBody(body: HttpReply['body'], coding: Coding): Promise<Buffer | undefined> {
  return new Promise((resolve) => {
    compressors[coding](bodyBytes(body), options, (failure, compressed) =>
      resolve(failure === null ? compressed : undefined),
    );
  });
}

/** The coding with the highest weight; gzip on a tie. */
export function chooseCoding(accepted: string): Coding | undefined {
  const weights = new Map<string, number>();
  for (const part of accepted.toLowerCase().split(',')) {
    const [name = '', ...parameters] = part.split(';').map((text) => text.trim());
    const weight = parameters.find((parameter) => parameter.startsWith('q='));
    weights.set(name, weight === undefined ? 1 : Number(weight.slice(2)));
  }
  const weightOf = (coding: Coding) => weights.get(coding) ?? weights.get('*') ?? 0;
  const [best] = codings.filter((coding) => weightOf(coding) > 0).sort((a, b) => weightOf(b) - weightOf(a));
  return best;
}
