import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { classifyScan, type ScanKind, type ScanMode } from './classify';
import { productGtin } from './product-code';
import { createScan } from './scan';
import { vectors } from './vectors.fixture';

const modes: readonly ScanMode[] = ['selling', 'paying', 'finding', 'badge'];

function classify({
  text,
  mode,
  aim = null,
  productId = null
}: {
  readonly text: string;
  readonly mode: ScanMode;
  readonly aim?: string | null;
  readonly productId?: string | null;
}): ScanKind {
  return classifyScan({
    scan: createScan({ text, aim, source: 'wedge', at: 0 }),
    mode,
    isProduct: () => productId
  });
}

describe('what a scan is', () => {
  it('is a product when the catalogue has it, whatever it looks like', () => {
    for (const mode of modes) {
      for (const { text } of vectors.paymentCodes) {
        expect(classify({ text, mode, productId: 'p1' })).toEqual({ kind: 'product', productId: 'p1' });
      }
    }
  });

  it.each(vectors.paymentCodes)('is a payment code of $wallet on every screen', ({ text, wallet }) => {
    for (const mode of modes) expect(classify({ text, mode })).toEqual({ kind: 'payment_code', wallet });
  });

  it.each(vectors.notPaymentCodes)('is never sent from the pay panel: $is', ({ text, aim }) => {
    expect(classify({ text, aim: aim ?? null, mode: 'paying' }).kind).not.toBe('payment_code');
  });

  it('is a code that a shop shows, selling or paying', () => {
    for (const { text, is } of vectors.notPaymentCodes.filter((one) => one.is.includes('refuse'))) {
      expect(classify({ text, mode: 'paying' }), is).toEqual({ kind: 'merchant_presented' });
      expect(classify({ text, mode: 'selling' }), is).toEqual({ kind: 'merchant_presented' });
    }
  });

  it('while paying, is a payment code unless it is a valid GTIN with the symbology of a product', () => {
    const text = '4006381333931';
    const product = { kind: 'unknown_product', text, safeToShow: true };
    expect(classify({ text, mode: 'paying' })).toEqual(product);
    expect(classify({ text, mode: 'paying', aim: ']E0' })).toEqual(product);
    expect(classify({ text, mode: 'paying', aim: ']C0' })).toEqual({ kind: 'payment_code', wallet: null });
    expect(classify({ text, mode: 'paying', aim: ']Q1' })).toEqual({ kind: 'payment_code', wallet: null });
  });

  it('while paying, leaves an unknown form to the gateway', () => {
    for (const text of [...vectors.gtin.invalid, '77'.padEnd(19, '3'), 'some-new-wallet']) {
      expect(classify({ text, mode: 'paying' })).toEqual({ kind: 'payment_code', wallet: null });
    }
  });

  it('reads the number of our own receipts', () => {
    for (const number of ['T1-0042', 'T1.2-0042', 'K-12345', 'ABCD-0001']) {
      for (const mode of modes)
        expect(classify({ text: number, mode })).toEqual({ kind: 'order_receipt', number });
    }
    for (const text of ['t1-0042', 'T1-042', 'ABCDE-0001', '1A-0001', 'T1.-0042', 'E-120061098828009406']) {
      expect(classify({ text, mode: 'finding' }).kind).toBe('unknown_product');
    }
  });

  it('is a staff badge by its form anywhere, and by the screen where one is asked for', () => {
    for (const mode of modes)
      expect(classify({ text: 'STAFF-0123456789ABCDEFGH', mode })).toEqual({ kind: 'staff_badge' });
    expect(classify({ text: 'SHELF-17', mode: 'badge' })).toEqual({ kind: 'staff_badge' });
    expect(classify({ text: '4006381333931', mode: 'badge' }).kind).toBe('unknown_product');
    expect(classify({ text: 'STAFF-1234', mode: 'selling' }).kind).not.toBe('staff_badge');
  });

  it('shows an unknown code only when no wallet could have made it', () => {
    expect(classify({ text: 'SHELF-17', mode: 'selling' })).toMatchObject({ safeToShow: true });
    expect(classify({ text: '96385074', mode: 'selling' })).toMatchObject({ safeToShow: true });
    expect(classify({ text: '7'.repeat(18), mode: 'selling' })).toMatchObject({ safeToShow: false });
    expect(
      classify({ text: '010400638133393110ABC\u001d17261231', aim: ']C1', mode: 'selling' })
    ).toMatchObject({ kind: 'unknown_product', safeToShow: true });
  });

  it('shows no piece of a payment code that was broken in two, unless chance made it a product’s number', () => {
    fc.assert(
      fc.property(fc.constantFrom(...vectors.paymentCodes.map(({ text }) => text)), fc.nat(), (text, at) => {
        const cut = 1 + (at % (text.length - 1));
        for (const piece of [text.slice(0, cut), text.slice(cut)]) {
          const kind = classify({ text: piece, mode: 'selling' });
          if (kind.kind !== 'unknown_product' || !kind.safeToShow || piece.length < 8) continue;
          expect(productGtin({ text: piece, aim: null }), piece).not.toBeNull();
        }
      })
    );
    expect(classify({ text: '2812345678', mode: 'selling' })).toMatchObject({ safeToShow: false });
    expect(classify({ text: 'hQVDUFYwMWFP', mode: 'selling' })).toMatchObject({ kind: 'payment_code' });
    expect(classify({ text: 'AzMBYUkBAw==', mode: 'selling' })).toMatchObject({ safeToShow: false });
    for (const shown of ['1234567', 'SHELF-17', 'POSTCARD12']) {
      expect(classify({ text: shown, mode: 'selling' }), shown).toMatchObject({ safeToShow: true });
    }
  });

  it('is unreadable when nothing or something broken arrived', () => {
    for (const text of ['', '  ', 'ab\u0000cd', '12\ufffd45', 'a\rb']) {
      for (const mode of modes) expect(classify({ text, mode })).toEqual({ kind: 'unreadable' });
    }
  });

  it('never throws, and outside the pay panel gives no text that may be shown and looks like a payment code', () => {
    fc.assert(
      fc.property(
        fc.oneof(fc.string(), fc.stringMatching(/^[0-9]{6,26}$/)),
        fc.constantFrom(...modes),
        fc.option(fc.constantFrom(']E0', ']C0', ']C1', ']Q1', ']d2', ']Z9')),
        (text, mode, aim) => {
          const kind = classify({ text, mode, aim });
          if (kind.kind === 'unknown_product' && kind.safeToShow && aim === null) {
            expect(/^\d{16,}$|^hQV/.test(kind.text)).toBe(false);
          }
        }
      )
    );
  });
});
