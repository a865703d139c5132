/** A plain node:http client for what no load generator counts: single answers, long answers, an exact number of requests. */
import { Agent, request } from 'node:http';
import { headers, path } from './bodies.mjs';

const timeoutMs = 60_000;

/** Sends a prediction request and gives status and body of its answer. */
export function post(port, body, agent = false, to = path) {
  return send({ port, path: to, method: 'POST', agent, headers: { ...headers, 'content-length': body.length } }, body);
}

export function get(port, from) {
  return send({ port, path: from, method: 'GET', agent: false });
}

function send(options, body) {
  return new Promise((resolve, reject) => {
    const call = request({ host: '127.0.0.1', timeout: timeoutMs, ...options }, (response) => {
      const chunks = [];
      response.on('data', (chunk) => chunks.push(chunk));
      response.on('error', reject);
      response.on('end', () => resolve({ status: response.statusCode, body: Buffer.concat(chunks) }));
    });
    call.on('timeout', () => call.destroy(new Error(`No answer within ${timeoutMs} ms.`)));
    call.on('error', reject);
    call.end(body);
  });
}

/** Sends so many requests over so many connections; anything but 200 throws. */
export async function postMany(port, body, { requests, connections }) {
  const agent = new Agent({ keepAlive: true, maxSockets: connections });
  let left = requests;
  async function sendWhileLeft() {
    while (left-- > 0) {
      const { status } = await post(port, body, agent);
      if (status !== 200) throw new Error(`Answered ${status} to one of ${requests} requests.`);
    }
  }
  try {
    await Promise.all(Array.from({ length: connections }, sendWhileLeft));
  } finally {
    agent.destroy();
  }
}
