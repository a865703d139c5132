/** The rows that this language draws are those that training drew: numbers of `model/training/drawing.py` for a small space. */
import { drawRows, toUniform } from './drawing';

const ranges = [
  [0, 1],
  [-2, 2],
  [4, 8],
] as const;
const features = ranges.map(([minimum, maximum]) => ({ training: { minimum, maximum } }));
const rows = drawRows({ seed: 42, rows: 24, every: 4, thresholds: [[0.1, 0.5], [0, -0.3], []] }, features);

test('counters become the same numbers', () => {
  expect([42, 43, 44].map(toUniform)).toEqual([0.033200085163116455, 0.8643231987953186, 0.49584078788757324]);
});

test.each([
  ['is drawn', 0, [0.033200085163116455, 1.4572927951812744, 5.983363151550293]],
  ['is drawn', 1, [0.7835022211074829, 1.7015635967254639, 7.982890605926514]],
  ['is moved just above a threshold', 3, [0.13880151510238647, -0.29999998211860657, 6.342617511749268]],
  ['stays where its feature has no threshold', 7, [0.2709119915962219, 1.5123813152313232, 5.956766605377197]],
  ['is moved onto a threshold', 15, [0.5, 0.6904983520507812, 6.764641761779785]],
])('a row %s (%i)', (_what, row, values) => {
  expect(rows[row]).toEqual(values);
});
