/** Cloud Functions host: registers `predict` with functions-framework and serves it on the framework's own socket. */
import './compile-cache';
import { http, type Request, type Response } from '@google-cloud/functions-framework';
import { createApp } from './app';
import { assumeProduction, readConfig, readLogFormat } from './config';
import { createFallback } from './http/fallback';
import { ownServer } from './http/host';
import { createListener } from './http/listener';
import { takeOverServer } from './http/takeover';
import { setTimeouts } from './http/timeouts';
import { logEvent, startOrExit } from './telemetry/log';
import { guardOutput } from './telemetry/output';

startOrExit(readLogFormat(), () => {
  guardOutput(process.stdout);
  const config = readConfig();
  const app = createApp(config);
  const answerThroughFramework = createFallback(app, config);
  let isTold = !config.directServing;

  // Called only while the server is not ours.
  http('predict', (request: Request, response: Response) => {
    if (!isTold)
      logEvent(
        'WARNING',
        'This functions-framework is not one whose server can be taken over: serving through it, more slowly.',
      );
    isTold = true;
    answerThroughFramework(request, response);
  });

  if (!config.directServing) {
    assumeProduction();
    return;
  }
  takeOverServer(createListener(app, config), (server) => {
    setTimeouts(server, config);
    ownServer(server, app);
  });
});
