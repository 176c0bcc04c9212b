import { expect, test } from 'vitest';
import { pretendedCode, pretendedShoppers, randomDigits } from './pretend';

test('a pretended code is 18 digits, looks like Alipay’s, and ends in its outcome', () => {
  for (const { outcome } of pretendedShoppers) {
    expect(pretendedCode({ outcome, digits: randomDigits })).toMatch(new RegExp(`^28\\d{14}${outcome}$`));
  }
});
