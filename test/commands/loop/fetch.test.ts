/** Captures of BigQuery arrive through `bq`; without it, people learn what to do. */
import { spawnSync } from 'node:child_process';
import { chmodSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { makeDirectory } from '../../capture/captured';
import { card, goodInstance, modelDirectory, samples, toObjectForm } from '../../model-files';
import { projectDirectory } from '../../processes';

const bin = makeDirectory();
afterAll(bin.remove);
symlinkSync(process.execPath, join(bin.directory, 'node'));

const report = (source: string) => {
  const words = ['dist/commands/loop/main.js', 'report', source, '--model', modelDirectory];
  const { status, stdout, stderr } = spawnSync(process.execPath, words, {
    cwd: projectDirectory,
    env: { PATH: bin.directory },
    encoding: 'utf8',
  });
  return { status, stdout, stderr };
};

test('without bq, and with a wrong name, it is said what to do', () => {
  expect(report('bigquery:a-project')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('sdk/docs/install'),
  });
  expect(report('bigquery:a`project')).toMatchObject({
    status: 2,
    stderr: expect.stringContaining('Expected a directory'),
  });
});

test('what bq prints is reported like a directory, and its failure is told', () => {
  const time = '2026-11-27T01:41:47.246Z';
  const head = { id: 'a', time, model: card.name };
  const [{ prediction }] = samples as readonly [(typeof samples)[number]];
  const capture = { ...head, version: '1', instances: [toObjectForm(goodInstance)], predictions: [prediction] };
  const feedback = { ...head, row: 0, feedback: { label: prediction.label } };
  const rows = [capture, feedback].map((each) => ({ record: JSON.stringify(each) }));
  writeFileSync(join(bin.directory, 'rows.json'), JSON.stringify(rows));
  const program = `#!${join(bin.directory, 'node')}
    if (process.argv.some((word) => word.includes('other-project'))) { console.error('Access Denied'); process.exit(1); }
    if (!process.argv.at(-1).includes('a-project.onnx_predict_captures_log._AllLogs')) process.exit(3);
    process.stdout.write(require('fs').readFileSync('${join(bin.directory, 'rows.json')}'));`;
  writeFileSync(join(bin.directory, 'bq'), program);
  chmodSync(join(bin.directory, 'bq'), 0o755);
  expect(report('bigquery:a-project').stdout).toContain('live accuracy: 1 (');
  expect(report('bigquery:other-project')).toMatchObject({
    status: 1,
    stderr: expect.stringContaining('Access Denied'),
  });
});
