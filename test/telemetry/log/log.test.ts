/** Requests leave a line each that Cloud Logging reads, with nothing of their input and no way to forge another. */
import { type Host, launchHost, startHost } from '../../hosts';
import { card, goodInstance, modelPath, toObjectForm } from '../../model-files';

interface Line {
  readonly severity: string;
  readonly message: string;
  readonly httpRequest: Readonly<Record<string, unknown>>;
  readonly [name: string]: unknown;
}

const traceId = '0af7651916cd43dd8448eb211c80319c';
const linesOf = ({ stdout }: Host): Line[] =>
  stdout.filter((line) => line.includes('httpRequest')).map((line) => JSON.parse(line) as Line);

describe.each(['functions-framework', 'functions-framework without takeover', 'server.ts'] as const)(
  'Log lines, %s',
  (kind) => {
    let host: Host;
    const start = async (env: Readonly<Record<string, string>> = {}) => {
      host = await startHost(kind, { env: { GOOGLE_CLOUD_PROJECT: 'my-project', ...env } });
    };
    afterEach(() => host.stop());

    test('tell of a prediction what an operator asks', async () => {
      await start();
      const headers = { traceparent: `00-${traceId}-b7ad6b7169203331-01`, 'user-agent': 'me "again"' };
      const body = JSON.stringify({ instances: [goodInstance, goodInstance] });
      const { bytes } = await host.request('POST', `${modelPath}:predict`, { headers, body });
      await host.line(/httpRequest/);
      const [line] = linesOf(host);
      expect(line).toMatchObject({
        severity: 'INFO',
        message: `POST ${modelPath}:predict 200`,
        httpRequest: {
          requestMethod: 'POST',
          requestUrl: `${modelPath}:predict`,
          requestSize: String(body.length),
          status: 200,
          responseSize: String(bytes.length),
          userAgent: 'me "again"',
          latency: expect.stringMatching(/^\d+\.\d{6}s$/),
        },
        protocol: 'kserve-v1',
        modelVersion: card.version,
        rows: 2,
        'logging.googleapis.com/trace': `projects/my-project/traces/${traceId}`,
        'logging.googleapis.com/spanId': 'b7ad6b7169203331',
        'logging.googleapis.com/trace_sampled': true,
      });
      const parts = line?.microseconds as Record<string, number>;
      expect(Object.keys(parts)).toEqual(['read', 'decode', 'queue', 'model', 'encode']);
      for (const part of Object.values(parts)) expect(part).toBeGreaterThanOrEqual(0);
      expect(line).not.toHaveProperty('input');
    });

    test('name the problem, and cannot be forged by a path', async () => {
      await start();
      await host.request('POST', '/predict', { body: '{"instances":[[]]}' });
      await host.request('GET', '/nothing%0a{"severity":"ALERT"}"');
      await host.line(/nothing/);
      const [invalid, unknown] = linesOf(host);
      expect(invalid).toMatchObject({ severity: 'WARNING', problem: 'invalid-input', httpRequest: { status: 422 } });
      expect(unknown).toMatchObject({ severity: 'WARNING', problem: 'not-found', httpRequest: { status: 404 } });
    });

    test.each(['json', 'text'])('show what a terminal would act on, as %s', async (format) => {
      await start({ LOG_FORMAT: format, LOG_INPUTS: 'sample' });
      // The C1 controls: CSI, as one character, begins the commands of a terminal.
      const agent = 'me\u009b31m\u0085 é';
      const body = JSON.stringify({ instances: [toObjectForm(goodInstance)] }).replace('{', '{"\u202e\u009b":0,');
      await host.request('POST', '/predict', { headers: { 'user-agent': agent }, body });
      await host.request('GET', '/last');
      const last = await host.line(/\/last/);
      expect(last).toBeDefined();
      // biome-ignore lint/suspicious/noControlCharactersInRegex: they are what must not be there.
      for (const line of host.stdout) expect(line).not.toMatch(/[\u0000-\u001f\u007f-\u009f\u202a-\u202e]/);
      if (format === 'text') return;
      const [line] = linesOf(host);
      expect([line?.httpRequest.userAgent, line?.input]).toEqual([Buffer.from(agent).toString('latin1'), body]);
    });

    test('are not written of probes that succeed, and have no trace where there is none', async () => {
      await start();
      for (const path of ['/v2/health/live', '/v2/health/ready', '/metrics', '/v2']) await host.request('GET', path);
      await host.line(/httpRequest/);
      const lines = linesOf(host);
      expect(lines.map(({ message }) => message)).toEqual(['GET /v2 200']);
      expect(lines[0]).not.toHaveProperty('logging.googleapis.com/trace');
    });

    test('hold an input when LOG_INPUTS asks', async () => {
      await start({ LOG_INPUTS: 'sample' });
      const body = JSON.stringify({ instances: [goodInstance] });
      for (let i = 0; i < 3; i++) await host.request('POST', '/predict', { body });
      await host.request('GET', '/v2');
      await host.line(/GET \/v2 /);
      expect(linesOf(host).map(({ input }) => input)).toEqual([body, undefined, undefined, undefined]);
    });

    test('are as many a second as MAX_LOG_LINES says, and the next tells how many were left out', async () => {
      await start({ MAX_LOG_LINES: '1' });
      const body = JSON.stringify({ instances: [goodInstance] });
      for (let i = 0; i < 20; i++) await host.request('POST', '/predict', { body });
      await host.request('GET', '/nothing');
      await host.line(/nothing/);
      const lines = linesOf(host);
      const skipped = lines.reduce((sum, { skippedLines = 0 }) => sum + (skippedLines as number), 0);
      expect(lines.length + skipped).toBe(21);
      expect(skipped).toBeGreaterThan(0);
      expect(lines.at(-1)).toMatchObject({ problem: 'not-found' });
    });

    test('are none but of failures of ours when LOG_REQUESTS says none, and readable as text', async () => {
      await start({ LOG_REQUESTS: 'problems', LOG_FORMAT: 'text' });
      await host.request('POST', '/predict', { body: JSON.stringify({ instances: [goodInstance] }) });
      await host.request('GET', '/nothing');
      expect(await host.line(/nothing/)).toMatch(/^\d\d:\d\d:\d\d\.\d{3} GET \/nothing 404 \d+\.\d\d ms · not-found$/);
      expect(host.stdout.filter((line) => line.includes('/predict'))).toEqual([]);
    });
  },
);

describe.each(['functions-framework', 'server.ts'] as const)('What an operator must know, %s', (kind) => {
  const wrong = { MODEL_DIR: '/nowhere' };

  test('is text where LOG_FORMAT says so', async () => {
    const host = await launchHost(kind, { env: { ...wrong, LOG_FORMAT: 'text' } });
    expect(await host.line(/card\.json/)).toMatch(/^\d\d:\d\d:\d\d\.\d{3} ERROR .*card\.json is missing: /);
    expect(await host.exitCode).toBe(1);
  });

  test('is JSON elsewhere, also of a wrong LOG_FORMAT', async () => {
    const host = await launchHost(kind, { env: { ...wrong, LOG_FORMAT: 'xml' } });
    const message = 'LOG_FORMAT is "xml": expected auto or json or text.';
    expect(JSON.parse(await host.line(/LOG_FORMAT/))).toEqual({ severity: 'ERROR', message });
    expect(await host.exitCode).toBe(1);
  });
});
