/** Long bodies share a budget: what does not fit is refused at once, and what was taken comes back. */
import { type ClientRequest, type IncomingMessage, request } from 'node:http';
import type { Reply } from '../client';
import { type Host, processKinds, startHost } from '../hosts';
import { goodInstance } from '../model-files';
import { untilSample } from '../scrape';

const maxBufferedBytes = 512 * 1024;
const half = Buffer.alloc(300 * 1024, ' ');
const rest = Buffer.from(JSON.stringify({ instances: [goodInstance] }));

/** A request that has sent the first half of its body, and holds its room: one that came later could take it first. */
async function begin(host: Host): Promise<{ call: ClientRequest; answer: Promise<IncomingMessage> }> {
  const headers = { 'content-type': 'application/json', 'content-length': half.length + rest.length };
  const call = request({ port: host.port, path: '/predict', method: 'POST', headers, agent: false });
  const answer = new Promise<IncomingMessage>((resolve, reject) => call.on('response', resolve).on('error', reject));
  await new Promise((resolve) => call.write(half, resolve));
  await untilSample(host, (bytes) => bytes >= half.length, 'predict_buffered_bytes');
  return { call, answer };
}

async function finish({ call, answer }: Awaited<ReturnType<typeof begin>>): Promise<number | undefined> {
  call.end(rest);
  const response = await answer;
  response.resume();
  return response.statusCode;
}

describe.each(processKinds)('Long bodies, %s', (kind) => {
  let host: Host;
  beforeAll(async () => {
    host = await startHost(kind, {
      env: { MAX_BUFFERED_BYTES: String(maxBufferedBytes), MAX_BODY_BYTES: String(maxBufferedBytes) },
    });
  });
  afterAll(() => host.stop());

  const predict = (padding: Buffer) =>
    host.request('POST', '/predict', {
      headers: { 'content-type': 'application/json' },
      body: Buffer.concat([padding, rest]),
    });

  async function untilStatus(status: number): Promise<Reply> {
    for (;;) {
      const reply = await predict(half);
      if (reply.status === status) return reply;
    }
  }

  test('beyond the budget get 429 while others take it, and no other request is touched', async () => {
    const first = await begin(host);
    const refused = await untilStatus(429);
    expect(refused.headers['retry-after']).toBe('1');
    expect((refused.json as { readonly detail: string }).detail).toContain(`limit ${maxBufferedBytes} bytes`);
    expect((await predict(Buffer.alloc(0))).status).toBe(200);
    expect(await finish(first)).toBe(200);
  });

  test('give back what they took before they are answered', async () => {
    for (let i = 0; i < 5; i++) expect((await predict(half)).status).toBe(200);
  });

  test('give back what they took when their callers leave', async () => {
    const left = await begin(host);
    const failed = left.answer.then(
      () => new Error('A request that was not sent whole was answered.'),
      (error: Error) => error,
    );
    await Promise.race([untilStatus(429), failed.then((error) => Promise.reject(error))]);
    left.call.destroy();
    expect(await failed).toMatchObject({ code: 'ECONNRESET' });
    await untilStatus(200);
  });

  test('are read as far as there is room when many come together', async () => {
    const replies = await Promise.all(Array.from({ length: 12 }, () => predict(half)));
    const statuses = replies.map(({ status }) => status);
    expect(statuses).toContain(200);
    for (const status of statuses) expect([200, 429]).toContain(status);
  });
});
