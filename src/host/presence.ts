/** Detects whether the caller of a long request has disconnected: after a half-close only a write can tell. */
import type { ServerResponse } from 'node:http';
import { onRequestEnd } from './request-end';

/** The first write makes the kernel learn of a closed connection, and the next one fails. */
const probeIntervalMs = 25;

/**
 * Probes from the caller's half-close until its answer begins. The connection closes if the caller is gone.
 *
 * A client must accept any number of interim responses and may ignore them (RFC 9110, 15.2).
 */
export function watchPresence(response: ServerResponse): void {
  const { socket, httpVersionMinor } = response.req;
  let timer: NodeJS.Timeout | undefined;

  function probe(): void {
    // A response queued behind others has no socket yet and cannot write.
    if (!response.headersSent && response.socket !== null) response.writeContinue();
  }

  function begin(): void {
    // HTTP/1.0 has neither interim responses nor half-closed connections.
    if (httpVersionMinor === 0) {
      socket.destroy();
      return;
    }
    probe();
    timer = setInterval(probe, probeIntervalMs);
  }

  onRequestEnd(response, () => {
    clearInterval(timer);
    socket.off('end', begin);
  });
  if (socket.readableEnded) begin();
  else socket.on('end', begin);
}
