import { describe, expect, test } from 'vitest';
import { createStopwatch } from './stopwatch';

describe('the stopwatch', () => {
  test('tells whole milliseconds, rounded down: due times are stored as integers, and a cancel never comes nearer', () => {
    let now = 1000.25;
    const stopwatch = createStopwatch({ monotonicNow: () => now, wallNow: () => 0 });
    expect(stopwatch.elapsedMs('a')).toBe(0);
    now = 1750.9;
    expect(stopwatch.elapsedMs('a')).toBe(750);
  });

  test('counts from the first sight, and anew once forgotten', () => {
    let now = 0;
    const stopwatch = createStopwatch({ monotonicNow: () => now, wallNow: () => 0 });
    stopwatch.elapsedMs('a');
    now = 500;
    expect(stopwatch.elapsedMs('b')).toBe(0);
    stopwatch.forget('a');
    expect(stopwatch.elapsedMs('a')).toBe(0);
  });

  test.each([
    [
      'a machine that was suspended, whose monotonic clock stood still',
      { monotonicMs: 10, wallMs: 240_000 },
      240_000
    ],
    ['a wall clock that was set back', { monotonicMs: 3000, wallMs: -3_600_000 }, 3000],
    ['nothing out of the way', { monotonicMs: 12, wallMs: 12 }, 12]
  ])('tells how long something took by the clock that shows most: %s', (_what, passed, ms) => {
    const clock = { monotonicMs: 1000, wallMs: 1_795_437_296_000 };
    const stopwatch = createStopwatch({ monotonicNow: () => clock.monotonicMs, wallNow: () => clock.wallMs });
    const sinceBegun = stopwatch.begin();
    expect(sinceBegun()).toBe(0);
    clock.monotonicMs += passed.monotonicMs;
    clock.wallMs += passed.wallMs;
    expect(sinceBegun()).toBe(ms);
  });
});
