import { expect, test } from 'vitest';
import { guessColumns, guessDecimal } from './import-columns';

test('the headings of other programs are known, whatever their case and accents', () => {
  expect(guessColumns(['EAN-Code', 'Bezeichnung', 'VK', 'Warengruppe', 'MwSt.', 'Lager'])).toEqual({
    barcodes: 0,
    name: 1,
    price: 2,
    category: 3,
    tax: 4
  });
  expect(guessColumns(['SKU', 'Name', 'Retail price'])).toEqual({ name: 1, price: 2 });
});

test('where two columns could be the name, the plainer heading is', () => {
  expect(guessColumns(['Description', 'Name'])).toEqual({ name: 1 });
});

test.each([
  [['2,90', '1.250,00', '3'], ','],
  [['2.90', '1,250.00'], '.'],
  [['€ 2,90'], ','],
  [['3', '1250'], '.'],
  [[], '.']
] as const)('prices such as %j are written with %s', (prices, sign) => {
  expect(guessDecimal(prices)).toBe(sign);
});
