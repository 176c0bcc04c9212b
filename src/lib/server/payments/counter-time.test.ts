import { describe, expect, test } from 'vitest';
import { counterDay, counterTimeMs } from './counter-time';

const now = Date.parse('2026-11-24T10:00:00.000Z');
const dayMs = 24 * 60 * 60 * 1000;
const shop = { time_zone: 'Europe/Berlin', day_starts_at_minute: 240 };

function ago(days: number): string {
  return new Date(now - days * dayMs).toISOString();
}

describe('when something at a counter happened', () => {
  test('is what its register says, less what its clock is ahead', () => {
    expect(counterTimeMs({ at: ago(1), now })).toBe(now - dayMs);
    expect(counterTimeMs({ at: ago(-1), now, aheadMs: 2 * dayMs })).toBe(now - dayMs);
    expect(counterTimeMs({ at: ago(120), now })).toBe(now - 120 * dayMs);
  });

  test('is now where a clock says what cannot be', () => {
    expect(counterTimeMs({ at: ago(-1), now })).toBe(now);
    expect(counterTimeMs({ at: '2000-01-01T00:00:00.000Z', now })).toBe(now);
    expect(counterTimeMs({ at: 'yesterday', now })).toBe(now);
  });

  test('names the business day, which ends after midnight', () => {
    expect(counterDay({ at: '2026-11-24T02:59:00.000Z', now, shop })).toBe('2026-11-23');
    expect(counterDay({ at: '2026-11-24T03:01:00.000Z', now, shop })).toBe('2026-11-24');
  });
});
