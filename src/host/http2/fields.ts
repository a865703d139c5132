/** Header fields as HTTP/2 has them. */
import type { OutgoingHttpHeaders } from 'node:http2';

/** Fields of an array; those that only HTTP/1.1 has are left out. */
export function toFields(list: readonly string[], status?: number): OutgoingHttpHeaders {
  const fields: Record<string, string | string[] | number> = status === undefined ? {} : { ':status': status };
  for (let i = 0; i < list.length; i += 2) {
    const name = list[i] as string;
    const value = list[i + 1] as string;
    const before = fields[name] as string | string[] | undefined;
    if (before !== undefined) fields[name] = [before, value].flat();
    else if (name !== 'connection') fields[name] = value;
  }
  return fields;
}
