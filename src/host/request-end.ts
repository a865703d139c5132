/** When a request is over: its answer is out, or nobody can get it any more. */
import type { ServerResponse } from 'node:http';

/** Calls back once. An answer that waits behind others on its connection is not told by Node that the connection has closed. */
export function onRequestEnd(response: ServerResponse, callback: () => void): void {
  const { socket } = response.req;

  function over(): void {
    response.off('close', over);
    socket.off('close', over);
    callback();
  }

  // It has closed in the turn that has just ended: nobody is told again.
  if (socket.destroyed) {
    callback();
    return;
  }
  response.on('close', over);
  // One for each request that a caller has sent without waiting.
  socket.setMaxListeners(0).on('close', over);
}
