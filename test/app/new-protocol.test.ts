/** The protocol that CONTRIBUTING adds: its text compiles, and the application serves and describes it. */
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import ts from 'typescript';
import { protocols } from '../../src/app/protocols';
import { createRoutes } from '../../src/app/routes';
import { readConfig } from '../../src/config';
import { createOpenApi } from '../../src/documents/openapi';
import type { HttpRequest } from '../../src/http/message';
import { createEvent } from '../../src/http/request-event';
import { readSamples } from '../../src/model/acceptance/golden-samples';
import type { Protocol } from '../../src/protocols/shared/protocol';
import { createServing } from '../../src/serving/create-serving';
import { createTelemetry } from '../../src/telemetry/telemetry';
import { goodInstance, modelDirectory } from '../model-files';
import { projectDirectory } from '../processes';

const contributing = readFileSync(join(projectDirectory, '.github/CONTRIBUTING.md'), 'utf8');
const [, source = ''] = /```ts\n(.*?)```/s.exec(contributing) ?? [];

// Elsewhere than among the sources, which other tests read at the same time.
const room = join(projectDirectory, 'src/protocols/score');
const directory = mkdtempSync(join(tmpdir(), 'score-'));
const file = join(directory, 'score.ts');
writeFileSync(
  file,
  source.replace(/from '(\.[^']+)'/g, (_, path: string) => `from '${join(room, path)}'`),
);
afterAll(() => rmSync(directory, { recursive: true }));

const { score } = require(file) as { readonly score: Protocol };
const config = readConfig({ MODEL_DIR: modelDirectory });
const serving = createServing(config);
const { card } = serving.champion;
const served = [...protocols, score];
afterAll(serving.release);

function post(path: string, value: unknown): HttpRequest {
  const body = Buffer.from(JSON.stringify(value));
  return { method: 'POST', path, headers: {}, body, isGone: () => false, event: createEvent() };
}

test('Its types are right', () => {
  const { config: settings } = ts.readConfigFile(join(projectDirectory, 'tsconfig.json'), ts.sys.readFile);
  const { options } = ts.convertCompilerOptionsFromJson(settings.compilerOptions, projectDirectory);
  const program = ts.createProgram([file], { ...options, rootDir: '/', types: ['node'] });
  const messages = ts
    .getPreEmitDiagnostics(program)
    .map(({ messageText }) => ts.flattenDiagnosticMessageText(messageText, '\n'));
  expect(messages).toEqual([]);
});

test.each(['/score', '/predict', '/'])('It is served under %s', async (path) => {
  const routes = createRoutes(serving, createTelemetry(config, serving), {}, served);
  const reply = await routes.get(path)?.POST?.(post(path, { rows: [goodInstance] }));
  const answer = JSON.parse(String(reply?.body)) as { readonly scores: readonly { readonly label: string }[] };
  expect([reply?.status, answer.scores.map(({ label }) => label)]).toEqual([200, ['setosa']]);
});

test('It is described, and taken for a body of its own', () => {
  const document = createOpenApi(served, card, readSamples(modelDirectory));
  expect(document).toMatchObject({ paths: { '/score': { post: { operationId: 'score' } } } });
  expect(JSON.stringify((document.components as { readonly schemas: object }).schemas)).toContain(
    '{"required":["rows"],"properties":{"rows":{}}}',
  );
});
