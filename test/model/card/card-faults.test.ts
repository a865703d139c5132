/** A typo in a card: the message names the property and the nearest that is known. */

import { readCard } from '../../../src/model/card/card';
import { compileValidators } from '../../../src/model/instances/compile';
import { useCopies } from '../../broken-model';
import { run } from '../../commands/model/command';
import { launchHost } from '../../hosts';
import type { Card } from '../../model-files';

const copy = useCopies();

function compileWith(change: (card: Card) => object): () => unknown {
  copy().edit<Card>('card.json', change);
  return () => compileValidators(readCard(copy().directory));
}

test.each([
  ['nmae', 'name'],
  ['Tolerance', 'tolerance'],
  ['output', 'outputs'],
  ['feature', 'features'],
  ['max_batch_rows', 'maxBatchRows'],
])('%s is taken for %s', (typo, meant) => {
  const compile = compileWith((card) => ({ ...card, [typo]: 1 }));
  expect(compile).toThrow(`there is no member "${typo}" (did you mean "${meant}"?)`);
});

test('a member of a feature is named with its place', () => {
  const compile = compileWith((card) => ({
    ...card,
    features: card.features.map((feature, place) => (place === 1 ? { ...feature, unti: 'mm' } : feature)),
  }));
  expect(compile).toThrow('/features/1: there is no member "unti" (did you mean "unit"?)');
});

test('a word that is near to none is named alone', () => {
  expect(compileWith((card) => ({ ...card, wavelength: 1 }))).toThrow(/there is no member "wavelength"\.$/);
});

test('a wrong choice is told which there are', () => {
  expect(compileWith((card) => ({ ...card, task: 'classify' }))).toThrow(
    /\/task: expected one of "classification", "regr/,
  );
});

test('a host and `check` say it in one line', async () => {
  copy().write('card.json', '{\n "name": "a",\n "task"\n}');
  const expected = `${copy().directory}/card.json:4:1 is not JSON: unexpected "}".`;
  const host = await launchHost('server.ts', { env: { MODEL_DIR: copy().directory } });
  expect(await host.exitCode).toBe(1);
  expect(JSON.parse(host.lines.at(-1) ?? '')).toEqual({ severity: 'ERROR', message: expected });
  expect(await run('check', copy().directory)).toMatchObject({
    code: 1,
    output: `FAULT card      ${expected}\n\n1 fault: this model cannot be served yet.\n`,
  });
});
