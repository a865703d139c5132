/** A server that is restarted again and again under load loses no request that it has accepted. */
import { type Client, createClient } from '../client';
import { type Host, startHost } from '../hosts';
import { goodInstance } from '../model-files';
import { findFreePort } from '../processes';

const restarts = 6;
const callers = 16;
const answersBetween = 150;
const env = { LOG_REQUESTS: 'all', MAX_LOG_LINES: '1000000' };

interface Tally {
  answered: number;
  refused: number;
  /** Answers that were the last on their connection. */
  closing: number;
  failed: string[];
}

/** Asks again and again until told to stop. */
async function keepAsking(client: Client, tally: Tally, isOver: () => boolean): Promise<void> {
  while (!isOver()) {
    await client.post('/predict', { instances: [goodInstance] }).then(
      ({ status, headers }) => {
        if (status === 200) tally.answered++;
        if (status === 503) tally.refused++;
        if (headers.connection === 'close') tally.closing++;
      },
      (error: NodeJS.ErrnoException) => tally.failed.push(error.code ?? error.message),
    );
  }
}

const countLines = ({ stdout }: Host, status: number) =>
  stdout.filter((line) => line.includes(`"status":${status},`) && line.includes('POST /predict')).length;

test.each(['functions-framework', 'server.ts'] as const)(
  `%s answers all that it accepts, ${restarts} times`,
  async (kind) => {
    const port = await findFreePort();
    const inAll = { closing: 0 };
    for (let i = 0; i < restarts; i++) {
      const host = await startHost(kind, { env, port });
      const tally: Tally = { answered: 0, refused: 0, closing: 0, failed: [] };
      const state = { isOver: false };
      const clients = Array.from({ length: callers }, () => createClient(port));
      const asking = clients.map((client) => keepAsking(client, tally, () => state.isOver));
      while (tally.answered < answersBetween) await host.request('GET', '/v2/health/live');
      host.kill('SIGTERM');
      expect(await host.exitCode).toBe(0);
      state.isOver = true;
      await Promise.all(asking);
      for (const client of [host, ...clients]) client.close();
      expect(tally.answered).toBe(countLines(host, 200));
      expect(tally.refused).toBe(countLines(host, 503));
      // Who comes to a port that is closed, or about to close, is told by the connection: nothing of it was accepted.
      for (const failure of tally.failed) expect(['ECONNREFUSED', 'ECONNRESET', 'EPIPE']).toContain(failure);
      inAll.closing += tally.closing;
    }
    expect(inAll.closing).toBeGreaterThan(0);
  },
);
