/** KServe V1, TensorFlow Serving and Vertex AI: spellings, status, and the paths that Vertex AI chooses. */
import { createApp } from '../../../src/app/app';
import { readConfig } from '../../../src/config';
import { describeEachHost, launchHost, startHost } from '../../hosts';
import { copyModel } from '../../model-copy';
import { card, goodInstance, isCloseTo, modelPath, type Prediction, samples } from '../../model-files';

const versionPath = `${modelPath}/versions/${encodeURIComponent(card.version)}`;
const instances = samples.map(({ instance }) => instance);

describeEachHost('KServe V1', (host) => {
  test.each([`${modelPath}:predict`, `${versionPath}:predict`, '/', '/predict'])(
    'POST %s takes both spellings',
    async (path) => {
      for (const key of ['instances', 'inputs']) {
        const { status, json } = await host.post(path, {
          [key]: instances,
          parameters: {},
          signature_name: 'serving_default',
        });
        const { predictions } = json as { readonly predictions: readonly Prediction[] };
        expect([status, Object.keys(json as object), predictions.length]).toEqual([
          200,
          ['predictions'],
          instances.length,
        ]);
        expect(samples.every(({ prediction }, i) => isCloseTo(predictions[i], prediction))).toBe(true);
      }
    },
  );

  test.each([modelPath, versionPath])('GET %s satisfies clients of KServe and of TensorFlow Serving', async (path) => {
    expect((await host.request('GET', path)).json).toEqual({
      name: card.name,
      ready: true,
      model_version_status: [
        { version: card.version, state: 'AVAILABLE', status: { error_code: 'OK', error_message: '' } },
      ],
    });
  });

  test('GET /v1/models lists the model', async () => {
    expect((await host.request('GET', '/v1/models')).json).toEqual({ models: [card.name] });
  });

  test.each<[object, number, string]>([
    [{ instances, inputs: instances }, 400, 'got "instances" and "inputs"'],
    [{ instances, signature_name: 'other' }, 422, '/signature_name: expected "serving_default"'],
    [{ inputs: { other: instances } }, 422, '/inputs: expected columns named '],
    [{ calls: [goodInstance] }, 400, 'Expected a JSON object with the member "instances" or "inputs"'],
  ])('a wrong request says so under error: %#', async (body, status, says) => {
    const reply = await host.post(`${modelPath}:predict`, body);
    expect([reply.status, (reply.json as { readonly error: string }).error]).toEqual([
      status,
      expect.stringContaining(says),
    ]);
  });
});

describe('Vertex AI', () => {
  test('finds health, predictions and the port where it says', async () => {
    const env = {
      AIP_HEALTH_ROUTE: '/v1/endpoints/5/deployedModels/7',
      AIP_PREDICT_ROUTE: '/v1/endpoints/5/deployedModels/7:predict',
    };
    const host = await startHost('server.ts', { env });
    try {
      expect((await host.request('GET', env.AIP_HEALTH_ROUTE)).status).toBe(200);
      const { status, json } = await host.post(env.AIP_PREDICT_ROUTE, { instances, parameters: {} });
      expect([status, (json as { readonly predictions: readonly unknown[] }).predictions.length]).toEqual([
        200,
        instances.length,
      ]);
      expect((await host.post('/predict', { instances })).status).toBe(200);
    } finally {
      await host.stop();
    }
  });

  test('says the port in AIP_HTTP_PORT', async () => {
    const blocked = await startHost('server.ts');
    const host = await launchHost('server.ts', { env: { AIP_HTTP_PORT: String(blocked.port) } });
    try {
      // The port of AIP_HTTP_PORT is taken, and this is the one it wants, whatever PORT says.
      expect(await host.line(/EADDRINUSE/)).toContain(String(blocked.port));
      expect(await host.exitCode).toBe(1);
    } finally {
      await blocked.stop();
    }
  });

  test.each(['AIP_HEALTH_ROUTE', 'AIP_PREDICT_ROUTE'])('is told of a path in %s that is none', async (variable) => {
    const host = await launchHost('server.ts', { env: { [variable]: 'predict' } });
    expect(await host.line(new RegExp(variable))).toContain('expected a path that starts with');
    expect(await host.exitCode).toBe(1);
  });

  test.each([
    ['AIP_HEALTH_ROUTE', '/metrics'],
    ['AIP_HEALTH_ROUTE', '/%6detrics/'],
    ['AIP_HEALTH_ROUTE', '/'],
    ['AIP_HEALTH_ROUTE', '/predict'],
    ['AIP_HEALTH_ROUTE', '/v2/health/live'],
    ['AIP_PREDICT_ROUTE', '/bigquery'],
    ['AIP_PREDICT_ROUTE', '/openapi.json'],
    ['AIP_PREDICT_ROUTE', `${modelPath}%3Aexplain`],
    ['AIP_PREDICT_ROUTE', `/v2/models/${card.name}/infer`],
    ['AIP_PREDICT_ROUTE', '/own/'],
  ])('is told of %s that is %s, which already serves something else', (variable, path) => {
    const create = () => createApp(readConfig({ AIP_HEALTH_ROUTE: '/own', [variable]: path }));
    expect(create).toThrow(`${variable} is ${JSON.stringify(path)}, which already serves something else`);
  });

  test.each([
    ['/alive', '/invoke'],
    ['/ping', '/invocations'],
    ['/v2/health/ready', '/predict'],
    [modelPath, `${modelPath}:predict`],
    [`${modelPath}/versions/${card.version}/`, `${modelPath}/versions/${card.version}%3Apredict`],
    [`/v2/models/${card.name}/ready`, '/'],
  ])('may take %s and %s, which are free or do the same', async (health, predict) => {
    const host = await startHost('in process', { env: { AIP_HEALTH_ROUTE: health, AIP_PREDICT_ROUTE: predict } });
    try {
      expect((await host.request('GET', health)).status).toBe(200);
      expect((await host.post(predict, { instances })).status).toBe(200);
    } finally {
      await host.stop();
    }
  });

  test('gets 503 from health while the model cannot be loaded', async () => {
    const copy = copyModel();
    copy.write('model.onnx', 'broken');
    const route = '/health/here';
    const host = await startHost('server.ts', {
      env: { MODEL_DIR: copy.directory, LOAD_RETRY_MS: '0', AIP_HEALTH_ROUTE: route },
    });
    try {
      expect((await host.request('GET', route)).status).toBe(503);
      copy.restore('model.onnx');
      expect((await host.request('GET', route)).status).toBe(200);
    } finally {
      await host.stop();
      copy.remove();
    }
  });
});
