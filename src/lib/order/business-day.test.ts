import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { businessDayOf, businessDaySpan, shiftDay } from './business-day';

const berlin = { timeZone: 'Europe/Berlin', dayStartsAtMinute: 240 };
const hour = 3_600_000;

describe('business day', () => {
  it('begins at the shop’s own minute, not at midnight', () => {
    expect(businessDayOf({ ...berlin, atMs: Date.parse('2026-11-23T02:59:59Z') })).toBe('2026-11-22');
    expect(businessDayOf({ ...berlin, atMs: Date.parse('2026-11-23T03:00:00Z') })).toBe('2026-11-23');
  });

  it('has 23 or 25 hours where the clock changes', () => {
    const length = (day: string, dayStartsAtMinute: number) => {
      const span = businessDaySpan({ timeZone: 'Europe/Berlin', dayStartsAtMinute, day });
      return (span.endMs - span.startMs) / hour;
    };
    expect(length('2026-03-29', 0)).toBe(23);
    expect(length('2026-10-25', 0)).toBe(25);
    expect(length('2026-03-28', 240)).toBe(23);
  });

  it('steps over month and year', () => {
    expect(shiftDay('2026-12-31', 1)).toBe('2027-01-01');
    expect(shiftDay('2028-03-01', -1)).toBe('2028-02-29');
    expect(shiftDay('2026-03-28', 2)).toBe('2026-03-30');
    for (const day of ['2026-02-30', '2026-2-03', '2026-13-01', '0026-01-01', '2026-01-01x', '']) {
      expect(() => shiftDay(day, 1), day).toThrow(RangeError);
    }
  });

  it('puts every instant into exactly the day whose span holds it', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(
          'Europe/Berlin',
          'America/New_York',
          'Asia/Kathmandu',
          'Australia/Lord_Howe',
          'America/Sao_Paulo',
          'Africa/Cairo',
          'Asia/Tokyo'
        ),
        fc.integer({ min: 0, max: 1439 }),
        // near a clock change as often as elsewhere
        fc.oneof(
          fc.integer({ min: Date.parse('2024-01-01'), max: Date.parse('2028-01-01') }),
          fc
            .tuple(
              fc.constantFrom(
                '2026-03-29T01:00Z',
                '2026-10-25T01:00Z',
                '2026-03-08T07:00Z',
                '2026-11-01T06:00Z'
              ),
              fc.integer({ min: -3 * hour, max: 3 * hour })
            )
            .map(([change, shift]) => Date.parse(change) + shift)
        ),
        (timeZone, dayStartsAtMinute, atMs) => {
          const rule = { timeZone, dayStartsAtMinute };
          const day = businessDayOf({ ...rule, atMs });
          const span = businessDaySpan({ ...rule, day });
          expect(span.startMs).toBeLessThanOrEqual(atMs);
          expect(span.endMs).toBeGreaterThan(atMs);
        }
      ),
      { numRuns: 500 }
    );
  });
});
