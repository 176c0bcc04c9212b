import { describe, expect, test } from 'vitest';
import { createStopwatch } from './stopwatch';

describe('the stopwatch', () => {
  test('tells whole milliseconds, rounded down: due times are stored as integers, and a cancel never comes nearer', () => {
    let now = 1000.25;
    const stopwatch = createStopwatch({ monotonicNow: () => now });
    expect(stopwatch.elapsedMs('a')).toBe(0);
    now = 1750.9;
    expect(stopwatch.elapsedMs('a')).toBe(750);
  });

  test('counts from the first sight, and anew once forgotten', () => {
    let now = 0;
    const stopwatch = createStopwatch({ monotonicNow: () => now });
    stopwatch.elapsedMs('a');
    now = 500;
    expect(stopwatch.elapsedMs('b')).toBe(0);
    stopwatch.forget('a');
    expect(stopwatch.elapsedMs('a')).toBe(0);
  });
});
