/** The Model Context Protocol: messages of both forms, what is refused, and limits. */
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { describeEachHost } from '../../hosts';
import { card, cardBytes, goodInstance, toObjectForm } from '../../model-files';
import { projectDirectory } from '../../processes';

const { version } = createRequire(__filename)(join(projectDirectory, 'package.json')) as { readonly version: string };
const modern = '2026-07-28';
const meta = { 'io.modelcontextprotocol/protocolVersion': modern, 'io.modelcontextprotocol/clientCapabilities': {} };
const json = { 'content-type': 'application/json' };

interface Items {
  readonly properties: Readonly<Record<string, { readonly description: string }>>;
}

interface Answer {
  readonly id: unknown;
  readonly result: Readonly<Record<string, unknown>> & {
    readonly tools: readonly {
      readonly name: string;
      readonly inputSchema: { readonly properties: { readonly instances: { readonly items: Items } } };
    }[];
    readonly content: readonly { readonly text: string }[];
    readonly structuredContent: unknown;
  };
  readonly error: { readonly code: number; readonly message: string; readonly data?: unknown };
}

describeEachHost('The Model Context Protocol', (host) => {
  async function send(body: unknown, headers: Readonly<Record<string, string>> = {}) {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    const reply = await host.request('POST', '/mcp', { headers: { ...json, ...headers }, body: text });
    return { ...reply, answer: reply.json as Answer };
  }

  const call = (method: string, params: object = {}, id: unknown = 1) => send({ jsonrpc: '2.0', id, method, params });

  function callModern(method: string, params: object = {}, headers: Readonly<Record<string, string>> = {}) {
    const fields = { 'mcp-protocol-version': modern, 'mcp-method': method };
    return send({ jsonrpc: '2.0', id: 1, method, params: { ...params, _meta: meta } }, { ...fields, ...headers });
  }

  test('starts with a handshake that keeps a known revision and offers the newest for others', async () => {
    for (const [asked, got] of [
      ['2025-11-25', '2025-11-25'],
      ['2025-06-18', '2025-06-18'],
      ['2025-03-26', '2025-03-26'],
      ['1999-01-01', '2025-11-25'],
    ]) {
      const { answer } = await call('initialize', { protocolVersion: asked, capabilities: {} });
      expect(answer.result).toMatchObject({ protocolVersion: got, serverInfo: { version } });
    }
    const { status, text } = await send({ jsonrpc: '2.0', method: 'notifications/initialized' });
    expect([status, text]).toEqual([202, '']);
  });

  test('takes the replies of a client, and refuses what is neither a reply nor a call', async () => {
    const replies = [
      { id: 1, result: {} },
      { id: null, error: { code: 1, message: '' } },
    ];
    for (const reply of replies) expect((await send({ jsonrpc: '2.0', ...reply })).status).toBe(202);
    for (const wrong of [{ method: {}, error: {} }, { id: {}, result: {} }, { id: 1 }]) {
      const { answer } = await send({ jsonrpc: '2.0', ...wrong });
      expect(answer.error.code).toBe(-32600);
    }
  });

  test('has tools whose schemas say units and ranges, the same in the same order each time', async () => {
    const { answer, text } = await call('tools/list');
    expect(answer.result.tools.map(({ name }) => name)).toEqual(['predict', 'explain', 'describe']);
    const [predict] = answer.result.tools as [Answer['result']['tools'][number]];
    const { properties } = predict.inputSchema.properties.instances.items;
    for (const { name, training } of card.features) {
      expect(properties[name]?.description).toContain(`${training.minimum} to ${training.maximum}`);
    }
    expect(predict).toMatchObject({ annotations: { readOnlyHint: true, idempotentHint: true } });
    expect((await call('tools/list')).text).toBe(text);
  });

  test('answers predictions as text and as structured content, under the id that was sent', async () => {
    for (const id of [0, 'a "quoted" id']) {
      const args = { name: 'predict', arguments: { instances: [toObjectForm(goodInstance)] } };
      const { answer } = await call('tools/call', args, id);
      expect(answer.id).toBe(id);
      const plain = await host.post('/predict', { instances: [goodInstance] });
      expect(answer.result.structuredContent).toEqual(plain.json);
      expect(answer.result.content[0]?.text).toBe(plain.text);
    }
  });

  test('answers long lists whole', async () => {
    const instances = Array.from({ length: 2_000 }, () => toObjectForm(goodInstance));
    const { answer } = await call('tools/call', { name: 'predict', arguments: { instances } });
    const { predictions } = answer.result.structuredContent as { readonly predictions: readonly unknown[] };
    expect(predictions).toHaveLength(instances.length);
    expect(JSON.parse(answer.result.content[0]?.text ?? '')).toEqual({ predictions });
  });

  test('says in a result what to mend of the arguments', async () => {
    for (const instances of [[{}], [], 'rows', undefined, [toObjectForm(goodInstance.map(() => 'x'))]]) {
      const { status, answer } = await call('tools/call', { name: 'predict', arguments: { instances } });
      expect([status, answer.result.isError, answer.error]).toEqual([200, true, undefined]);
      expect(answer.result.content[0]?.text).toMatch(/^\/instances.*expected .* got|which is missing/);
    }
  });

  test('offers the card as a resource', async () => {
    const { answer } = await call('resources/list');
    const [{ uri }] = answer.result.resources as [{ readonly uri: string }];
    const { answer: read } = await call('resources/read', { uri });
    expect(read.result.contents).toEqual([{ uri, mimeType: 'application/json', text: cardBytes.toString() }]);
    expect((await call('resources/read', { uri: 'card://other' })).answer.error.code).toBe(-32602);
  });

  test('takes requests that carry their version, and repeats who answered', async () => {
    const { status, answer } = await callModern('server/discover');
    expect([status, answer.result]).toMatchObject([
      200,
      { resultType: 'complete', supportedVersions: expect.arrayContaining([modern, '2025-11-25']), ttlMs: 60_000 },
    ]);
    const args = { name: 'predict', arguments: { instances: [toObjectForm(goodInstance)] } };
    const predicted = await callModern('tools/call', args, { 'mcp-name': 'predict' });
    expect(predicted.answer.result).toMatchObject({ resultType: 'complete', content: [{ type: 'text' }] });
    const encoded = `=?base64?${Buffer.from('predict').toString('base64')}?=`;
    expect((await callModern('tools/call', args, { 'mcp-name': encoded })).status).toBe(200);
    const wrong = await callModern('tools/call', { name: 'predict', arguments: {} }, { 'mcp-name': 'predict' });
    expect(wrong.answer.result).toMatchObject({ resultType: 'complete', isError: true });
  });

  test('refuses header fields that say something other than the body, and versions that it does not know', async () => {
    const args = { name: 'predict', arguments: {} };
    for (const fields of [
      { 'mcp-method': 'tools/list' },
      { 'mcp-protocol-version': '2025-11-25' },
      { 'mcp-name': 'x' },
      {},
    ]) {
      const { status, answer } = await callModern('tools/call', args, fields);
      expect([status, answer.error.code]).toEqual([400, -32020]);
    }
    const { status, answer } = await send(
      { jsonrpc: '2.0', id: 1, method: 'tools/list' },
      { 'mcp-protocol-version': '1999-01-01' },
    );
    expect([status, answer.error.code]).toEqual([400, -32022]);
    const unknown = await callModern('ping');
    expect([unknown.status, unknown.answer.error.code]).toEqual([404, -32601]);
    expect((await call('nothing')).answer.error.code).toBe(-32601);
    expect((await call('tools/call', { name: 'other' })).answer.error.code).toBe(-32602);
  });

  test('refuses what is no message', async () => {
    for (const [body, code] of [
      ['{"jsonrpc"', -32700],
      ['[]', -32600],
      ['5', -32600],
      ['{"id":1,"method":"ping"}', -32600],
      ['{"jsonrpc":"2.0","id":1}', -32600],
      ['{"jsonrpc":"2.0","id":{},"method":"ping"}', -32600],
      [JSON.stringify({ jsonrpc: '2.0', id: 'x'.repeat(9_000), method: 'ping' }), -32600],
    ] as const) {
      const { status, answer } = await send(body);
      // functions-framework answers unreadable JSON itself.
      if (host.kind === 'functions-framework without takeover' && answer === undefined) continue;
      expect([body.slice(0, 40), status, answer.error.code]).toEqual([body.slice(0, 40), 400, code]);
    }
    expect((await host.request('GET', '/mcp')).status).toBe(405);
    expect((await host.request('DELETE', '/mcp')).status).toBe(405);
  });

  test('takes calls of no web page but those of this machine', async () => {
    const ping = { jsonrpc: '2.0', id: 1, method: 'ping' };
    for (const [origin, status] of [
      ['http://localhost:6274', 200],
      ['http://127.0.0.1', 200],
      ['http://evil.example', 403],
      [`http://localhost.evil.example`, 403],
      ['null', 403],
    ] as const) {
      expect([origin, (await send(ping, { origin })).status]).toEqual([origin, status]);
    }
  });
});
