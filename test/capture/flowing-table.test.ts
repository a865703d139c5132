/** A table that is answered while it arrives is captured part by part, each with its place, and nothing is kept meanwhile. */
import { startHost } from '../hosts';
import { toObjectForm } from '../model-files';
import { csv, csvOf, openFlow } from '../survive/flowing';
import { makeDirectory } from './captured';

test('a table in parts is captured under one id, row by row', async () => {
  const own = makeDirectory();
  const host = await startHost('in process', { env: { CAPTURE: 'all', CAPTURE_TO: own.directory } });
  const { send, until, end, answer } = openFlow(host.port, { ...csv, 'prediction-id': 'mine' });
  await send(csvOf(100));
  const first = await until(1);
  // A part of one row, too, waits its turn.
  await send(csvOf(1));
  const second = await until(first + 1);
  await send(csvOf(49));
  await until(second + 1);
  end(csvOf(7));
  expect(await answer).toMatchObject({ status: 200, isComplete: true });
  await host.stop();
  const records = own.read();
  own.remove();
  expect(new Set(records.map(({ id }) => id))).toEqual(new Set(['mine']));
  const rows = records.flatMap(({ firstRow = 0, instances: each }) => each.map((_, i) => firstRow + i));
  expect(rows).toEqual(Array.from({ length: 157 }, (_, i) => i));
  const instances = records.flatMap((record) => record.instances);
  const sent = csvOf(100)
    .trimEnd()
    .split('\n')
    .map((line) => toObjectForm(line.split(',').map(Number)));
  expect(instances.slice(0, 100)).toEqual(sent);
});
