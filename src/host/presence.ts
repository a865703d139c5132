/** Whether the caller of a long request is still there: who has closed its half may have closed both, and only a write tells. */
import type { ServerResponse } from 'node:http';
import { onRequestEnd } from './request-end';

/** The kernel hears of a closed connection by the first write, and tells it at the next. */
const askingMs = 25;

/**
 * Asks from the moment on at which the caller closes its half, and until its answer begins. The connection of one who has gone closes.
 *
 * Interim answers may come in any number, and every caller may ignore this one (RFC 9110, 15.2).
 */
export function watchPresence(response: ServerResponse): void {
  const { socket, httpVersionMinor } = response.req;
  let timer: NodeJS.Timeout | undefined;

  function ask(): void {
    // Behind other answers of the connection it would be asked by nothing but their bytes.
    if (!response.headersSent && response.socket !== null) response.writeContinue();
  }

  function begin(): void {
    // HTTP/1.0 knows no interim answers, and no half that is closed while the other is used.
    if (httpVersionMinor === 0) {
      socket.destroy();
      return;
    }
    ask();
    timer = setInterval(ask, askingMs);
  }

  onRequestEnd(response, () => {
    clearInterval(timer);
    socket.off('end', begin);
  });
  if (socket.readableEnded) begin();
  else socket.on('end', begin);
}
