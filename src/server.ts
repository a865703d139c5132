/** Cloud Run host: the app on node:http. */
import { createServer } from 'node:http';
import { createApp } from './app/app';
import { readConfig, readLogFormat } from './config';
import { logCodeCache } from './host/code-cache-line';
import { createListener } from './host/listener';
import { ownServer } from './host/own-server';
import { exitWith, startOrExit } from './host/process-life';
import { setTimeouts } from './host/timeouts';
import { setLogFormat } from './telemetry/log/log';
import { guardOutput } from './telemetry/log/output';

setLogFormat(readLogFormat());
startOrExit(() => {
  guardOutput(process.stdout);
  logCodeCache();
  const config = readConfig();
  const app = createApp(config);
  const server = createServer(createListener(app, config));
  server.on('error', exitWith);
  setTimeouts(server, config);
  // Before it listens: a signal may arrive with the first connection.
  ownServer(server, app);
  server.listen(config.port);
});
