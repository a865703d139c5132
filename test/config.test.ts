/** Settings: defaults, ranges, and what a wrong one says. */
import { readConfig } from '../src/config';

describe('the configuration', () => {
  test('has a default for everything, and counts an empty variable as unset', () => {
    const config = readConfig({ PORT: '' });
    expect(config).toMatchObject({
      port: 8080,
      modelLoading: 'lazy',
      onnxThreads: 1,
      maxBodyBytes: 10 * 1024 * 1024,
      maxBatchRows: 1024,
      maxBufferedBytes: 32 * 1024 * 1024,
      maxJsonDepth: 64,
      clientTimeoutMs: 60_000,
      maxRequestRows: 100_000,
      maxQueuedRows: 15_000,
      maxQueuedBytes: 128 * 1024 * 1024,
      directServing: true,
      requestTimeoutMs: 30_000,
      logRequests: 'all',
      logInputs: 'off',
      maxLogLines: 1000,
      vertexRoutes: {},
    });
    expect(Object.isFrozen(config)).toBe(true);
  });

  test.each([
    [{ PORT: '9000' }, { port: 9000 }],
    [{ MODEL_DIR: '/models/mine' }, { modelDirectory: '/models/mine' }],
    [{ MODEL_LOADING: 'eager' }, { modelLoading: 'eager' }],
    [{ ONNX_THREADS: '4' }, { onnxThreads: 4 }],
    [{ MAX_BODY_BYTES: '2048' }, { maxBodyBytes: 2048 }],
    [{ MAX_BUFFERED_BYTES: '65536' }, { maxBufferedBytes: 65_536 }],
    [{ MAX_BATCH_ROWS: '64' }, { maxBatchRows: 64 }],
    [{ MAX_JSON_DEPTH: '12' }, { maxJsonDepth: 12 }],
    [{ CLIENT_TIMEOUT_MS: '5000' }, { clientTimeoutMs: 5000 }],
    [{ MAX_REQUEST_ROWS: '50' }, { maxRequestRows: 50 }],
    [{ MAX_QUEUED_ROWS: '10' }, { maxQueuedRows: 10 }],
    [{ MAX_QUEUED_BYTES: '1000' }, { maxQueuedBytes: 1000 }],
    [{ DIRECT_SERVING: 'off' }, { directServing: false }],
    [{ REQUEST_TIMEOUT_MS: '500' }, { requestTimeoutMs: 500 }],
    [{ LOG_REQUESTS: 'none' }, { logRequests: 'none' }],
    [{ LOG_FORMAT: 'text' }, { logFormat: 'text' }],
    [{ LOG_INPUTS: 'sample' }, { logInputs: 'sample' }],
    [{ MAX_LOG_LINES: '5' }, { maxLogLines: 5 }],
    [{ GOOGLE_CLOUD_PROJECT: 'mine' }, { project: 'mine' }],
    [{ OTEL_SERVICE_NAME: 'unused' }, { openTelemetry: undefined }],
    [
      {
        OTEL_EXPORTER_OTLP_ENDPOINT: 'http://collector:4318/',
        OTEL_EXPORTER_OTLP_HEADERS: 'A=b%20c',
        K_SERVICE: 'mine',
      },
      { openTelemetry: { endpoint: 'http://collector:4318', headers: { a: 'b c' }, serviceName: 'mine' } },
    ],
    [{ PORT: '9000', AIP_HTTP_PORT: '7080' }, { port: 7080 }],
    [
      { AIP_HEALTH_ROUTE: '/h', AIP_PREDICT_ROUTE: '/p:predict' },
      { vertexRoutes: { health: '/h', predict: '/p:predict' } },
    ],
  ])('reads %j', (environment, expected) => {
    expect(readConfig(environment)).toMatchObject(expected);
  });

  test.each([
    [{ PORT: '70000' }, 'PORT is "70000": expected an integer from 0 to 65535.'],
    [{ ONNX_THREADS: '0' }, 'ONNX_THREADS is "0": expected an integer from 1 to 64.'],
    [{ MAX_BODY_BYTES: '1e6' }, 'MAX_BODY_BYTES is "1e6": expected an integer from 1024 to 536870912.'],
    [{ MAX_BATCH_ROWS: '-1' }, 'MAX_BATCH_ROWS is "-1": expected an integer from 1 to 1000000.'],
    [{ MAX_QUEUED_ROWS: 'many' }, 'MAX_QUEUED_ROWS is "many": expected an integer from 1 to 10000000.'],
    [{ MODEL_LOADING: 'EAGER' }, 'MODEL_LOADING is "EAGER": expected lazy or eager.'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'collector' }, 'OTEL_EXPORTER_OTLP_ENDPOINT is "collector": expected a URL'],
    [{ OTEL_EXPORTER_OTLP_ENDPOINT: 'http://a', OTEL_EXPORTER_OTLP_HEADERS: 'secret' }, 'expected name=value'],
    [{ DIRECT_SERVING: 'true' }, 'DIRECT_SERVING is "true": expected on or off.'],
  ])('refuses %j and names variable, value and rule', (environment, message) => {
    expect(() => readConfig(environment)).toThrow(message);
  });
});
