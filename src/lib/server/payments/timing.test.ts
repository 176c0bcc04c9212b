import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { merchantOrderNoOf } from './merchant-order-no';
import { createTiming, nextAskIn } from './timing';

const real = createTiming({ timeScale: 1, callTimeoutMs: 10_000 });

/** The ages at which the gateway is asked when every question is put exactly on time. */
function agesAsked(until: number): number[] {
  const ages: number[] = [];
  for (let age = nextAskIn(real, 0); age <= until; age += nextAskIn(real, age)) ages.push(age / 1000);
  return ages;
}

describe('the timing rules', () => {
  test('ask every 5 s for a minute, then at growing gaps up to 5 minutes, then hourly', () => {
    expect(agesAsked(12_000_000)).toEqual([
      5, 10, 15, 20, 25, 30, 35, 40, 45, 50, 55, 60, 70, 90, 130, 210, 370, 670, 4270, 7870, 11470
    ]);
  });

  test('never stop asking and never ask without a pause', () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 1e10 }), (age) => {
        const gap = nextAskIn(real, age);
        expect(gap).toBeGreaterThan(0);
        expect(gap).toBeLessThanOrEqual(3_600_000);
      })
    );
  });

  test('are all divided by the time scale', () => {
    const fast = createTiming({ timeScale: 20, callTimeoutMs: 10_000 });
    expect(fast.counterMs).toBe(3000);
    expect(fast.cancelNotBeforeMs).toBe(750);
    expect(nextAskIn(fast, 0)).toBe(250);
  });
});

describe('the merchant order number', () => {
  test('is 27 characters and rebuilt from the id alone', () => {
    expect(merchantOrderNoOf('0'.repeat(32))).toBe(`T${'0'.repeat(26)}`);
    expect(merchantOrderNoOf('f'.repeat(32))).toBe('T7ZZZZZZZZZZZZZZZZZZZZZZZZZ');
  });

  test('differs wherever the id differs', () => {
    const id = fc.stringMatching(/^[0-9a-f]{32}$/);
    fc.assert(
      fc.property(id, id, (one, other) => {
        expect(merchantOrderNoOf(one) === merchantOrderNoOf(other)).toBe(one === other);
        expect(merchantOrderNoOf(one)).toMatch(/^T[0-9A-HJKMNP-TV-Z]{26}$/);
      })
    );
  });

  test('is refused for anything that is not an id', () => {
    expect(() => merchantOrderNoOf('T1-0042')).toThrow(RangeError);
  });
});
