import { describe, expect, it } from 'vitest';
import { createTryLimit } from './tries';

describe('createTryLimit', () => {
  it('allows so many tries, then says how long to wait', () => {
    let now = 0;
    const limit = createTryLimit({ most: 3, windowMs: 60_000, nowMs: () => now });
    expect([limit.take('a'), limit.take('a'), limit.take('a')]).toEqual([0, 0, 0]);
    now = 20_000;
    expect(limit.take('a')).toBe(40_000);
    expect(limit.take('b')).toBe(0);
    now = 60_000;
    expect(limit.take('a')).toBe(0);
  });

  it('forgets the tries after the right password', () => {
    const limit = createTryLimit({ most: 1, windowMs: 1000, nowMs: () => 0 });
    limit.take('a');
    limit.forgive('a');
    expect(limit.take('a')).toBe(0);
  });

  it('makes a new key wait rather than grow without end', () => {
    let now = 0;
    const limit = createTryLimit({ most: 1, windowMs: 1000, nowMs: () => now, keysKept: 2 });
    limit.take('a');
    limit.take('b');
    expect(limit.take('c')).toBe(1000);
    now = 1000;
    expect(limit.take('c')).toBe(0);
  });
});
