import { expect, test } from 'vitest';
import { percentText, ppmOfPercent } from './percent';

test.each([
  ['7.25', 72_500],
  ['7,25', 72_500],
  ['19', 190_000],
  [' 8.1 % ', 81_000],
  ['0', 0],
  ['100', 1_000_000]
])('%s is so many parts per million, and comes back', (typed, ppm) => {
  expect(ppmOfPercent(typed)).toBe(ppm);
  expect(ppmOfPercent(percentText(ppm))).toBe(ppm);
});

test.each(['', 'ten', '7.12345', '101', '-3', '1.2.3'])('%s is no percentage', (typed) => {
  expect(ppmOfPercent(typed)).toBeNull();
});
