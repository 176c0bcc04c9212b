import { describe, expect, it } from 'vitest';
import { createSentGuard, oneScanDoubt } from './one-scan';

const quiet = {
  nowMs: 10_000,
  lastProductAtMs: 8000,
  lastPaidAtMs: 4000,
  hasRedRow: false,
  totalMinor: 1000,
  limitMinor: 1000,
  scannerInHand: true,
  scansWaiting: false
};

describe('one-scan checkout', () => {
  it('charges at once in a quiet moment', () => {
    expect(oneScanDoubt(quiet)).toBeNull();
    expect(oneScanDoubt({ ...quiet, lastProductAtMs: null, lastPaidAtMs: null })).toBeNull();
  });

  it.each([
    ['a red line is there', { hasRedRow: true }, 'red_row'],
    ['the scanner is on a stand', { scannerInHand: false }, 'off'],
    ['another scan waits behind it', { scansWaiting: true }, 'busy'],
    ['the last product was 1.5 s ago or less', { lastProductAtMs: 8500 }, 'product_just_now'],
    ['the last payment was 5 s ago or less', { lastPaidAtMs: 5000 }, 'paid_just_now'],
    ['the total is above the shop’s limit', { totalMinor: 1001 }, 'above_limit']
  ])('asks for one more scan when %s', (_, change, doubt) => {
    expect(oneScanDoubt({ ...quiet, ...change })).toBe(doubt);
  });

  it('drops a code that was sent a moment ago, and no other', () => {
    const guard = createSentGuard();
    expect(guard.wasSentJustNow('a', 0)).toBe(false);
    guard.sent('a', 0);
    expect(guard.wasSentJustNow('a', 5000)).toBe(true);
    expect(guard.wasSentJustNow('b', 5000)).toBe(false);
    expect(guard.wasSentJustNow('a', 5001)).toBe(false);
  });
});
