/** The frame of a message in the body of a call: a flag that it is compressed, its length, its bytes. */
import { Problem } from '../problem';

export const prefixBytes = 5;

export interface Framed {
  readonly isCompressed: boolean;
  readonly message: Buffer;
}

/** The one message of a body. Throws `malformed-body`. */
export function readOnlyMessage(body: Buffer): Framed {
  const length = body.length < prefixBytes ? 0 : body.readUInt32BE(1);
  const expected = prefixBytes + length;
  if (body.length !== expected)
    throw new Problem(
      'malformed-body',
      `Expected one message of ${length} bytes behind its prefix of ${prefixBytes} bytes, got ${body.length} bytes.`,
    );
  return { isCompressed: readFlag(body), message: body.subarray(prefixBytes) };
}

export function readFlag(body: Buffer): boolean {
  const flag = body[0] as number;
  if (flag > 1) throw new Problem('malformed-body', `Expected 0 or 1 in front of a message, got ${flag}.`);
  return flag === 1;
}

export function prefixOf(length: number, isCompressed: boolean): Buffer {
  const prefix = Buffer.allocUnsafe(prefixBytes);
  prefix[0] = Number(isCompressed);
  prefix.writeUInt32BE(length, 1);
  return prefix;
}
