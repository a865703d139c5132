/** Revisions of the protocol: those with a handshake, and the one in which every request says its version. */
import type { IncomingHttpHeaders } from 'node:http';
import { isMembers } from '../shared/envelope';
import { codes, RpcError } from './json-rpc';
import type { Message } from './message';

/** Revision in which a request carries its version, and header fields repeat what it asks for. */
export const modern = '2026-07-28';
/** Revisions that start with `initialize`, the newest first. */
export const legacy = ['2025-11-25', '2025-06-18', '2025-03-26'] as const;
export const supported: readonly string[] = [modern, ...legacy];

const versionKey = 'io.modelcontextprotocol/protocolVersion';
const capabilitiesKey = 'io.modelcontextprotocol/clientCapabilities';
const encodedValue = /^=\?base64\?([A-Za-z0-9+/=]*)\?=$/;
/** What `Mcp-Name` repeats of the parameters. */
const namedBy: Readonly<Record<string, string>> = { 'tools/call': 'name', 'resources/read': 'uri' };

/** Whether a request follows the modern revision. Throws an error for an unknown version, or fields that differ from the body. */
export function isModern(message: Message, headers: IncomingHttpHeaders): boolean {
  const { _meta: meta } = message.params;
  const version = isMembers(meta) ? meta[versionKey] : undefined;
  const field = headers['mcp-protocol-version'];
  if (version === undefined) {
    if (field === undefined || legacy.some((known) => known === field)) return false;
    if (field !== modern) throw unsupported(field);
    if (message.id === undefined) return true;
    throw new RpcError(codes.headerMismatch, `Expected the version ${modern} under "_meta", too, got none.`);
  }
  if (field !== version) throw mismatch('MCP-Protocol-Version', version, field);
  if (version !== modern) throw unsupported(version);
  checkFields(message, headers);
  if (!isMembers((meta as Readonly<Record<string, unknown>>)[capabilitiesKey]))
    throw new RpcError(codes.invalidParams, `Expected "_meta" to have an object ${JSON.stringify(capabilitiesKey)}.`);
  return true;
}

function checkFields({ method, params }: Message, headers: IncomingHttpHeaders): void {
  const asked = headers['mcp-method'];
  if (asked !== method) throw mismatch('Mcp-Method', method, asked);
  const key = namedBy[method];
  if (key === undefined) return;
  const name = headers['mcp-name'];
  if (name === undefined || decodeField(String(name)) !== params[key]) throw mismatch('Mcp-Name', params[key], name);
}

function decodeField(value: string): string {
  const [, base64] = encodedValue.exec(value) ?? [];
  return base64 === undefined ? value : Buffer.from(base64, 'base64').toString();
}

function mismatch(field: string, expected: unknown, got: unknown): RpcError {
  const show = (value: unknown) => (value === undefined ? 'none' : String(JSON.stringify(value)).slice(0, 80));
  return new RpcError(
    codes.headerMismatch,
    `Header mismatch: expected ${field} to repeat the body's ${show(expected)}, got ${show(got)}.`,
  );
}

function unsupported(requested: unknown): RpcError {
  const message = `Unsupported protocol version; expected one of ${supported.join(', ')}.`;
  return new RpcError(codes.unsupportedVersion, message, {
    data: { supported, requested: String(requested).slice(0, 80) },
  });
}
