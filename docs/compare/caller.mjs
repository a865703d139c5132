/** One kept connection that carries one request at a time: next to nothing of a latency is its own. */
import { connect } from 'node:net';
import { headers } from '../bench/bodies.mjs';

const endOfHead = '\r\n\r\n';

/** @returns {{ ask: () => Promise<void>, close: () => void }} an answer that is not 200 rejects */
export function createCaller(port, { path, body }) {
  const lines = Object.entries({ host: '127.0.0.1', ...headers, 'content-length': body.length });
  const head = `POST ${path} HTTP/1.1\r\n${lines.map(([name, value]) => `${name}: ${value}`).join('\r\n')}${endOfHead}`;
  const request = Buffer.concat([Buffer.from(head), body]);
  const socket = connect(port, '127.0.0.1').setNoDelay(true);
  let received = '';
  let settle;

  socket.setEncoding('latin1');
  socket.on('data', (text) => {
    received += text;
    if (!isWhole(received)) return;
    if (received.startsWith('HTTP/1.1 200 ')) settle.resolve();
    else settle.reject(new Error(`Answered ${received.split('\r\n')[0]}`));
  });
  socket.on('error', (error) => settle?.reject(error));
  socket.on('close', () => settle?.reject(new Error('The connection was closed.')));

  return {
    ask: () =>
      new Promise((resolve, reject) => {
        settle = { resolve, reject };
        received = '';
        socket.write(request);
      }),
    close: () => socket.destroy(),
  };
}

function isWhole(answer) {
  const end = answer.indexOf(endOfHead);
  if (end < 0) return false;
  const [, length] = /\r\ncontent-length: (\d+)/i.exec(answer) ?? [];
  return answer.length - end - endOfHead.length >= Number(length);
}
