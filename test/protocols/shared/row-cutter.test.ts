/** However a table is cut on its way, its parts hold the same rows: all of them, whole, and in order. */
import fc from 'fast-check';
import { RowCutter } from '../../../src/protocols/shared/tables/row-cutter';

const limits = { rows: 3, bytes: 40, longest: 1_000 };
const cell = fc.constantFrom('1', '2.5', '"a,b"', '"a\nb"', '"say ""hi"""', '');
const row = fc.array(cell, { minLength: 2, maxLength: 4 }).map((cells) => cells.join(','));
const lineEnd = fc.constantFrom('\n', '\r\n', '\n\n');
const table = fc.tuple(fc.array(row, { maxLength: 12 }), lineEnd, fc.boolean());

test('parts are the table, and count its rows', () => {
  fc.assert(
    fc.property(table, fc.integer({ min: 1, max: 30 }), fc.boolean(), ([rows, end, isEnded], size, isPatient) => {
      const text = Buffer.from(rows.join(end) + (isEnded ? end : ''));
      const cutter = new RowCutter(true, limits);
      const parts: { body: Buffer; rows: number }[] = [];
      for (let at = 0; at < text.length; at += size) {
        cutter.append(text.subarray(at, at + size));
        const take = () => (isPatient ? cutter.takeFull() : cutter.takeWhole());
        for (let part = take(); part !== undefined; part = take()) parts.push(part);
      }
      parts.push(cutter.takeRest());
      expect(Buffer.concat(parts.map(({ body }) => body)).toString()).toBe(text.toString());
      expect(parts.reduce((sum, part) => sum + part.rows, 0)).toBe(rows.length);
      expect(parts.every((part) => part.rows <= limits.rows + 1)).toBe(true);
      expect(cutter.takenBytes).toBe(text.length);
    }),
  );
});

test('a row that does not end is refused, and costs no more than its bytes while it arrives', () => {
  const cutter = new RowCutter(true, { rows: 10, bytes: 1e6, longest: 400_000 });
  const add = () => {
    cutter.append(Buffer.from('"'));
    for (let i = 0; i < 500_000; i++) {
      cutter.append(Buffer.from('1'));
      cutter.takeWhole();
    }
  };
  const started = performance.now();
  expect(add).toThrow('a quote may never be closed');
  expect(performance.now() - started).toBeLessThan(20_000);
});
