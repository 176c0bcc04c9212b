import { describe, expect, it } from 'vitest';
import { merchantPresented, recognisePaymentCode } from './payment-code';
import { vectors } from './vectors.fixture';

describe('payment codes', () => {
  it.each(vectors.paymentCodes)('recognises a code of $wallet', ({ text, wallet }) => {
    expect(recognisePaymentCode(text)).toEqual({ looksLike: true, wallet });
    expect(merchantPresented(text)).toBe(false);
  });

  it.each(vectors.notPaymentCodes)('takes no $is for a payment code', ({ text }) => {
    expect(recognisePaymentCode(text)).toEqual({ looksLike: false });
  });

  it('knows what a shop shows from what a shopper shows', () => {
    for (const { text, is } of vectors.notPaymentCodes) {
      expect(merchantPresented(text), is).toBe(is.includes('refuse with a hint'));
    }
  });

  it('takes no GTIN for a payment code', () => {
    for (const text of [...vectors.gtin.valid, ...vectors.gtin.invalid]) {
      expect(recognisePaymentCode(text).looksLike).toBe(false);
    }
  });

  it('holds the edges of each wallet', () => {
    const wallet = (text: string): string | null => {
      const looks = recognisePaymentCode(text);
      return looks.looksLike ? looks.wallet : null;
    };
    expect(wallet('25'.padEnd(16, '7'))).toBe('Alipay');
    expect(wallet('25'.padEnd(15, '7'))).toBeNull();
    expect(wallet('30'.padEnd(23, '7'))).toBe('Alipay');
    expect(wallet('24'.padEnd(18, '7'))).toBeNull();
    expect(wallet('31'.padEnd(18, '7'))).toBeNull();
    expect(wallet('16'.padEnd(18, '7'))).toBeNull();
    expect(wallet('15'.padEnd(17, '7'))).toBeNull();
    expect(wallet('62'.padEnd(18, '7'))).toBeNull();
    expect(wallet('3158'.padEnd(16, '7'))).toBe('PayPay');
    expect(wallet('9000'.padEnd(21, '7'))).toBeNull();
    expect(wallet('120061098828009406 ')).toBeNull();
  });
});
