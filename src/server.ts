/** Cloud Run host: the app on node:http, and on HTTP/2 for connections that begin with it. */
import { createServer } from 'node:http';
import { createApp } from './app/app';
import { readConfig, readLogFormat } from './config';
import { logCodeCache } from './host/code-cache-line';
import { createHttp2 } from './host/http2/preface';
import { createListener } from './host/listener';
import { ownServer } from './host/own-server';
import { exitWith, startOrExit } from './host/process-life';
import { createSharedBodies } from './host/shared-bodies';
import { setTimeouts } from './host/timeouts';
import { setLogFormat } from './telemetry/log/log';
import { guardOutput } from './telemetry/log/output';

setLogFormat(readLogFormat());
startOrExit(() => {
  guardOutput(process.stdout);
  logCodeCache();
  const config = readConfig();
  const app = createApp(config);
  const bodies = createSharedBodies(config);
  const server = createServer(createListener(app, { ...config, bodies }));
  server.on('error', exitWith);
  setTimeouts(server, config);
  // Before it listens: a signal may arrive with the first connection.
  ownServer(server, app, createHttp2(app, config, bodies));
  server.listen(config.port);
});
