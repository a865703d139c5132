/** Calls every tool with an official client and prints what it got: `node sdk.mjs 1|2 URL INSTANCES`, within the directory of the packages. */
import { createRequire } from 'node:module';
import { join } from 'node:path';

const [generation, url, rows] = process.argv.slice(2);
const require = createRequire(join(process.cwd(), 'package.json'));
const { Client, StreamableHTTPClientTransport } =
  generation === '1'
    ? {
        ...require('@modelcontextprotocol/sdk/client/index.js'),
        ...require('@modelcontextprotocol/sdk/client/streamableHttp.js'),
      }
    : require('@modelcontextprotocol/client');
const modern = generation === '2' ? { versionNegotiation: { mode: { pin: '2026-07-28' } } } : {};
const client = new Client({ name: 'test', version: '1' }, modern);
await client.connect(new StreamableHTTPClientTransport(new URL(url)));
const { tools } = await client.listTools();
const instances = JSON.parse(rows);
const predicted = await client.callTool({ name: 'predict', arguments: { instances } });
const explained = await client.callTool({ name: 'explain', arguments: { instances } });
const described = await client.callTool({ name: 'describe', arguments: {} });
const refused = await client.callTool({ name: 'predict', arguments: { instances: [{}] } });
const { resources } = await client.listResources();
const { contents } = await client.readResource({ uri: resources[0].uri });
await client.close();
console.log(JSON.stringify({ tools, predicted, explained, described, refused, card: JSON.parse(contents[0].text) }));
