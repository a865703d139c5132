/** Cloud Functions host: registers `predict` with functions-framework and serves it on the framework's own socket. */
import { http } from '@google-cloud/functions-framework';
import { createApp } from './app/app';
import { assumeProduction, readConfig, readLogFormat } from './config';
import { logCodeCache } from './host/code-cache-line';
import { arrive, createDetour } from './host/fallback';
import { createListener } from './host/listener';
import { ownServer } from './host/own-server';
import { startOrExit } from './host/process-life';
import { findServer, isPassable, takeListeners } from './host/takeover';
import { setTimeouts } from './host/timeouts';
import { logEvent, setLogFormat } from './telemetry/log/log';
import { guardOutput } from './telemetry/log/output';

const unfamiliar =
  'Cannot bypass the middleware of this functions-framework: unknown version. Serving through it is slower.';

setLogFormat(readLogFormat());
startOrExit(() => {
  guardOutput(process.stdout);
  logCodeCache();
  const config = readConfig();
  const app = createApp(config);
  if (!config.directServing) assumeProduction();

  findServer((server) => {
    const listeners = takeListeners(server);
    const isDirect = config.directServing && isPassable(listeners);
    if (config.directServing && !isDirect) logEvent('WARNING', unfamiliar);
    server.on('request', createListener(app, config, isDirect ? undefined : createDetour(listeners)));
    setTimeouts(server, config);
    ownServer(server, app);
  });

  // Called only for requests that pass the framework's middleware.
  http('predict', arrive);
});
