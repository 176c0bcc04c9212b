import { describe, expect, it } from 'vitest';
import { product } from './fakes';
import { measuredLine } from './measured-line';

const apples = product('Apples', 499);

describe('a label with a measure', () => {
  it('sells a weight at the price of a kilogram, rounded once', () => {
    const line = measuredLine({
      product: apples,
      priced: { unitPriceMinor: 499 },
      measure: { kind: 'weight', grams: 1234 }
    });
    expect(line).toEqual({
      name: 'Apples, 1.234 kg',
      unitPriceMinor: 616,
      taxRateId: 'full',
      why: 'weight on the label'
    });
  });

  it('sells at the price that it carries', () => {
    const line = measuredLine({
      product: apples,
      priced: { unitPriceMinor: 499 },
      measure: { kind: 'price', priceMinor: 999 }
    });
    expect(line).toMatchObject({ name: 'Apples', unitPriceMinor: 999 });
  });
});
