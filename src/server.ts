/** Cloud Run host: the app on node:http. */
import './compile-cache';
import { createServer } from 'node:http';
import { createApp } from './app';
import { readConfig, readLogFormat } from './config';
import { ownServer } from './http/host';
import { createListener } from './http/listener';
import { setTimeouts } from './http/timeouts';
import { exitWith, startOrExit } from './telemetry/log';
import { guardOutput } from './telemetry/output';

startOrExit(readLogFormat(), () => {
  guardOutput(process.stdout);
  const config = readConfig();
  const app = createApp(config);
  const server = createServer(createListener(app, config));
  server.on('error', exitWith);
  setTimeouts(server, config);
  // Before it listens: a signal may follow the first connection at once.
  ownServer(server, app);
  server.listen(config.port);
});
