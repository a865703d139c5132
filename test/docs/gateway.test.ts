/** The configuration of a gateway in the guide is one, and leads to what a deployment serves. */
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { openApi } from '../openapi/answers';
import { validateOpenApi } from '../openapi/validate';
import { projectDirectory } from '../processes';

const guide = readFileSync(join(projectDirectory, 'docs/guides/gateway.md'), 'utf8');
const configuration = parse(/```yaml\n([^`]*)```/.exec(guide)?.[1] ?? '') as {
  readonly paths: Readonly<Record<string, object>>;
};

test('is valid OpenAPI 2.0', () => {
  expect(validateOpenApi(configuration)).toEqual({ valid: true, version: '2.0' });
});

test('forwards paths and methods that are served', () => {
  const forwarded = Object.entries(configuration.paths);
  expect(forwarded.length).toBeGreaterThan(0);
  for (const [path, methods] of forwarded)
    for (const method of Object.keys(methods)) expect(Object.keys(openApi.paths[path] ?? {})).toContain(method);
});
