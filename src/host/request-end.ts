/** Tells when a request is over: its answer is sent, or its connection has closed. */
import type { ServerResponse } from 'node:http';

/** Calls back once. Also watches the socket: Node emits no `close` on a response queued behind others. */
export function onRequestEnd(response: ServerResponse, callback: () => void): void {
  const { socket } = response.req;

  function end(): void {
    response.off('close', end);
    socket.off('close', end);
    callback();
  }

  // It already closed, so no event will follow.
  if (socket.destroyed) {
    callback();
    return;
  }
  response.on('close', end);
  // Each pipelined request adds a listener.
  socket.setMaxListeners(0).on('close', end);
}
