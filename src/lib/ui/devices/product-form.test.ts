import { describe, expect, it } from 'vitest';
import { drawCode } from '../draw-codes';
import { productForm } from './product-form';

describe('a product’s code on the practice sheet', () => {
  it('is the one that the product wears', () => {
    expect(productForm('04006381333931')).toEqual({ text: '4006381333931', form: 'ean13' });
    expect(productForm('00012345678905')).toEqual({ text: '012345678905', form: 'upca' });
    expect(productForm('00000096385074')).toEqual({ text: '96385074', form: 'ean8' });
    expect(productForm('10614141000415')).toEqual({ text: '10614141000415', form: 'bars' });
    expect(productForm('SHELF-17')).toEqual({ text: 'SHELF-17', form: 'bars' });
  });

  it('can be drawn, quiet zones and all', async () => {
    for (const barcode of ['04006381333931', '00012345678905', '00000096385074', '10614141000415']) {
      const { text, form } = productForm(barcode);
      const drawn = await drawCode(text, form);
      expect(drawn.path.length).toBeGreaterThan(100);
      expect(drawn.width).toBeGreaterThan(80);
    }
  });
});
