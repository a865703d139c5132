/** The model can be served: its card, its weights and its golden samples agree. */
import assert from 'node:assert/strict';
import { spawnSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { test } from 'node:test';

const isDraft = readFileSync('model/card.json', 'utf8').includes('"TODO');

// A draft is served, and its faults are shown: they fail the test from the day on which the card is complete.
test('the model passes its check', { todo: isDraft && 'complete what model/card.json marks TODO' }, () => {
  const command = ['dist/commands/model/main.js', 'check', 'model', '--quick'];
  const { status, stdout, stderr } = spawnSync(process.execPath, command, { encoding: 'utf8' });
  assert.equal(status, 0, stdout + stderr);
});
