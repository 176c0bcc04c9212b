import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderEvent } from './events';
import { amountOff, at, line, opened, plain, quantity, rosa } from './fixtures';
import { applyEvent, foldOrder, type Order } from './order';
import { changeMinor, isCovered, keptInDrawerMinor, leftToPayMinor, tenderedMinor } from './tenders';
import { computeTotals } from './totals';

function cash(
  tenderId: string,
  amountMinor: number,
  { givenMinor = amountMinor, roundingMinor = 0 }: { givenMinor?: number; roundingMinor?: number } = {}
): OrderEvent {
  return { kind: 'cash_tendered', at, by: rosa, tenderId, amountMinor, roundingMinor, givenMinor };
}
function card(tenderId: string, amountMinor: number): OrderEvent {
  return { kind: 'card_tendered', at, by: rosa, tenderId, amountMinor, name: 'Bank machine' };
}
function back(tenderId: string): OrderEvent {
  return { kind: 'tender_removed', at, by: rosa, tenderId, why: 'the shopper pays by wallet' };
}
function fold(...events: OrderEvent[]): Order {
  const folded = foldOrder(events);
  if (!folded.ok) throw new Error(`${folded.reason} at ${folded.at}`);
  return folded.order;
}

describe('tenders', () => {
  it('pays for an order in cash, with change, and closes it', () => {
    const order = fold(opened(), line('a', 1090), cash('c', 1090, { givenMinor: 2000 }));
    expect(order.tenders.map(changeMinor)).toEqual([910]);
    expect(order.tenders.map(keptInDrawerMinor)).toEqual([1090]);
    expect(isCovered(order)).toBe(true);
    for (const event of [
      line('b', 1),
      back('c'),
      cash('d', 1),
      plain('order_cleared'),
      plain('order_parked')
    ])
      expect(applyEvent(order, event)).toEqual({ ok: false, reason: 'covered' });
  });

  it('leaves the rest of a split to be paid otherwise', () => {
    const order = fold(opened(), line('a', 1090), cash('c', 500), card('k', 90));
    expect(leftToPayMinor(order)).toBe(500);
    expect(isCovered(order)).toBe(false);
    expect(applyEvent(order, cash('d', 501))).toEqual({ ok: false, reason: 'tender_too_high' });
    expect(applyEvent(order, cash('c', 1))).toEqual({ ok: false, reason: 'tender_id_used' });
  });

  it('rounds only what ends the order, and counts what stays in the drawer', () => {
    const before = fold(opened('included', 'CHF'), line('a', 1003));
    const order = fold(
      opened('included', 'CHF'),
      line('a', 1003),
      cash('c', 1003, { roundingMinor: 2, givenMinor: 2000 })
    );
    expect(order.tenders.map(keptInDrawerMinor)).toEqual([1005]);
    expect(order.tenders.map(changeMinor)).toEqual([995]);
    expect(applyEvent(before, cash('c', 500, { roundingMinor: 2, givenMinor: 502 }))).toEqual({
      ok: false,
      reason: 'bad_tender'
    });
  });

  it('refuses what is no tender', () => {
    const order = fold(opened(), line('a', 1090));
    for (const event of [
      cash('c', 0),
      cash('c', -5),
      cash('c', 10.5),
      cash('c', 1000, { givenMinor: 999 }),
      cash('c', 1090, { roundingMinor: -1091, givenMinor: 0 })
    ])
      expect(applyEvent(order, event)).toEqual({ ok: false, reason: 'bad_tender' });
  });

  it('is taken back before it is covered, and the order is as before', () => {
    const order = fold(opened(), line('a', 1090), cash('c', 500), back('c'));
    expect(order.tenders).toEqual([]);
    expect(applyEvent(order, back('c'))).toEqual({ ok: false, reason: 'tender_unknown' });
    expect(applyEvent(order, plain('order_cleared')).ok).toBe(true);
  });

  it('keeps an order with money on it from being cleared or made cheaper than that', () => {
    const order = fold(opened(), line('a', 500, 2), cash('c', 500));
    expect(applyEvent(order, plain('order_cleared'))).toEqual({ ok: false, reason: 'tendered' });
    expect(applyEvent(order, quantity('a', 1))).toEqual({ ok: false, reason: 'less_than_tendered' });
    expect(applyEvent(order, amountOff('d', 500))).toEqual({ ok: false, reason: 'less_than_tendered' });
    expect(applyEvent(order, quantity('a', 3)).ok).toBe(true);
  });

  it('never takes more than the order costs, whatever happens in whatever order', () => {
    const event = fc.oneof(
      fc
        .tuple(fc.constantFrom('a', 'b'), fc.integer({ min: 1, max: 500 }))
        .map(([id, price]) => line(id, price)),
      fc
        .tuple(fc.constantFrom('a', 'b'), fc.integer({ min: 1, max: 5 }))
        .map(([id, pieces]) => quantity(id, pieces)),
      fc.constantFrom('a', 'b').map((lineId): OrderEvent => ({ kind: 'line_removed', at, by: rosa, lineId })),
      fc.tuple(fc.uuid(), fc.integer({ min: 1, max: 200 })).map(([id, minor]) => amountOff(id, minor)),
      fc
        .record({
          id: fc.constantFrom('x', 'y', 'z'),
          amountMinor: fc.integer({ min: -10, max: 900 }),
          roundingMinor: fc.integer({ min: -5, max: 5 }),
          givenMinor: fc.integer({ min: 0, max: 2000 })
        })
        .map(({ id, amountMinor, ...more }) => cash(id, amountMinor, more)),
      fc
        .tuple(fc.constantFrom('x', 'y', 'z'), fc.integer({ min: 1, max: 900 }))
        .map(([id, minor]) => card(id, minor)),
      fc.constantFrom('x', 'y', 'z').map(back),
      fc
        .constantFrom(
          'order_parked' as const,
          'order_resumed' as const,
          'order_cleared' as const,
          'order_restored' as const
        )
        .map(plain)
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 30 }), (events) => {
        let order = fold(opened());
        let closed = false;
        for (const next of events) {
          const applied = applyEvent(order, next);
          if (closed) expect(applied).toEqual({ ok: false, reason: 'covered' });
          if (!applied.ok) continue;
          order = applied.order;
          closed = isCovered(order);
          const { totalMinor } = computeTotals(order);
          expect(tenderedMinor(order)).toBeLessThanOrEqual(totalMinor);
          if (order.cleared) expect(order.tenders).toEqual([]);
          for (const tender of order.tenders) {
            expect(changeMinor(tender)).toBeGreaterThanOrEqual(0);
            expect(keptInDrawerMinor(tender)).toBeGreaterThanOrEqual(0);
            expect(keptInDrawerMinor(tender)).toBeLessThanOrEqual(tender.givenMinor);
          }
        }
      })
    );
  });
});
