import { expect, test } from 'vitest';
import { shortOrderNumber } from './order-number';

test('an order is called by its sequence, without register, epoch and zeros', () => {
  expect(shortOrderNumber('T1-0042')).toBe('42');
  expect(shortOrderNumber('T1.2-12345')).toBe('12345');
});

test('a number of another form is shown as it is', () => {
  expect(shortOrderNumber('cash')).toBe('cash');
});
