import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { eventsForAdding, eventsForNewPrices } from './adding';
import type { OrderEvent } from './events';
import { amountOff, at, line, opened, percentOff, plain, quantity, rosa } from './fixtures';
import { applyEvent, foldOrder, openLines, type Order } from './order';
import { summariseOrder } from './summary';
import { computeTotals } from './totals';

function fold(...events: OrderEvent[]): Order {
  const folded = foldOrder(events);
  if (!folded.ok) throw new Error(`${folded.reason} at ${folded.at}`);
  return folded.order;
}

describe('folding', () => {
  it('counts every event as one revision', () => {
    expect(fold(opened(), line('a', 100), quantity('a', 3)).revision).toBe(3);
  });

  it('says which event cannot be, and why', () => {
    expect(foldOrder([])).toEqual({ ok: false, at: 0, reason: 'no_events' });
    expect(foldOrder([line('a', 1)])).toEqual({ ok: false, at: 0, reason: 'not_opened' });
    expect(foldOrder([opened(), quantity('b', 2)])).toEqual({ ok: false, at: 1, reason: 'line_unknown' });
    expect(foldOrder([opened(), line('a', 1), line('a', 1)])).toMatchObject({
      at: 2,
      reason: 'line_id_used'
    });
    expect(foldOrder([opened(), line('a', 1), quantity('a', 0)])).toMatchObject({ reason: 'bad_quantity' });
    expect(foldOrder([opened(), line('a', -1)])).toMatchObject({ reason: 'bad_price' });
    expect(foldOrder([opened(), line('a', 1), percentOff('d', 1_000_001)])).toMatchObject({
      reason: 'bad_discount'
    });
    expect(foldOrder([opened(), line('a', 9_000_000_000_000), line('b', 9_000_000_000_000)])).toMatchObject({
      reason: 'amount_too_large'
    });
  });

  it('brings a removed line back at its old place', () => {
    const removed: OrderEvent = { kind: 'line_removed', at, by: rosa, lineId: 'a' };
    const restored: OrderEvent = { kind: 'line_restored', at, by: rosa, lineId: 'a' };
    const order = fold(opened(), line('a', 100), line('b', 200), removed);
    expect(openLines(order).map((known) => known.lineId)).toEqual(['b']);
    const back = fold(opened(), line('a', 100), line('b', 200), removed, restored);
    expect(openLines(back).map((known) => known.lineId)).toEqual(['a', 'b']);
  });

  it('changes nothing while parked or cleared', () => {
    expect(foldOrder([opened(), plain('order_parked'), line('a', 1)])).toMatchObject({
      reason: 'order_parked'
    });
    expect(foldOrder([opened(), plain('order_cleared'), line('a', 1)])).toMatchObject({
      reason: 'order_cleared'
    });
    const order = fold(
      opened(),
      line('a', 1),
      plain('order_parked'),
      plain('order_cleared'),
      plain('order_restored'),
      plain('order_resumed')
    );
    expect(order).toMatchObject({ parked: false, cleared: false });
  });

  it('gives an order away only where it costs nothing and has a line', () => {
    expect(foldOrder([opened(), plain('order_given_free')])).toMatchObject({ reason: 'nothing_to_give' });
    expect(foldOrder([opened(), line('a', 1), plain('order_given_free')])).toMatchObject({
      reason: 'not_free'
    });
    const free = fold(opened(), line('a', 100), percentOff('d', 1_000_000), plain('order_given_free'));
    expect(free.givenFree).toBe(true);
    expect(applyEvent(free, line('b', 1))).toEqual({ ok: false, reason: 'given_free' });
  });

  it('never makes an impossible order of any list of events, and never throws', () => {
    const id = fc.constantFrom('a', 'b', 'c');
    const event: fc.Arbitrary<OrderEvent> = fc.oneof(
      fc
        .tuple(id, fc.integer({ min: -5, max: 5000 }), fc.integer({ min: 0, max: 12 }))
        .map(([lineId, price, n]) => line(lineId, price, n)),
      fc.tuple(id, fc.integer({ min: -1, max: 12 })).map(([lineId, n]) => quantity(lineId, n)),
      id.map((lineId): OrderEvent => ({ kind: 'line_removed', at, by: rosa, lineId })),
      id.map((lineId): OrderEvent => ({ kind: 'line_restored', at, by: rosa, lineId })),
      fc
        .tuple(id, fc.integer({ min: 0, max: 9000 }), fc.option(id))
        .map(([discountId, amountMinor, lineId]) => amountOff(discountId, amountMinor, lineId)),
      fc
        .tuple(id, fc.integer({ min: 0, max: 1_100_000 }), fc.option(id))
        .map(([discountId, ratePpm, lineId]) => percentOff(discountId, ratePpm, lineId)),
      id.map((discountId): OrderEvent => ({ kind: 'discount_removed', at, by: rosa, discountId })),
      fc
        .constantFrom(
          'order_parked' as const,
          'order_resumed' as const,
          'order_cleared' as const,
          'order_restored' as const,
          'order_given_free' as const
        )
        .map(plain)
    );
    fc.assert(
      fc.property(fc.array(event, { maxLength: 40 }), (events) => {
        let order = fold(opened());
        let taken = 1;
        for (const next of events) {
          const applied = applyEvent(order, next);
          if (!applied.ok) continue;
          order = applied.order;
          taken += 1;
        }
        expect(order.revision).toBe(taken);
        const totals = computeTotals(order);
        expect(totals.totalMinor).toBeGreaterThanOrEqual(0);
        for (const known of totals.lines) expect(known.totalMinor).toBeGreaterThanOrEqual(0);
        if (order.givenFree) expect(totals.totalMinor).toBe(0);
      })
    );
  });
});

describe('adding', () => {
  const product = {
    productId: 'product-a',
    priceVersionId: 'product-a-v1',
    name: 'Product a',
    unitPriceMinor: 100,
    taxRateId: 'rate-190000',
    taxRatePpm: 190_000
  };

  it('makes ten scans of one product one line of ten', () => {
    let order = fold(opened());
    for (let scan = 0; scan < 10; scan += 1) {
      for (const event of eventsForAdding({ order, product, newLineId: `line-${scan}`, at, by: rosa })) {
        const applied = applyEvent(order, event);
        if (applied.ok) order = applied.order;
      }
    }
    expect(openLines(order)).toHaveLength(1);
    expect(openLines(order)[0]?.quantity).toBe(10);
  });

  it('begins a new line for a new price, a removed line, or a full one', () => {
    const order = fold(opened(), line('a', 90));
    expect(eventsForAdding({ order, product, newLineId: 'n', at, by: rosa })[0]?.kind).toBe('line_added');
    const removed = fold(opened(), line('a', 100), { kind: 'line_removed', at, by: rosa, lineId: 'a' });
    expect(eventsForAdding({ order: removed, product, newLineId: 'n', at, by: rosa })[0]?.kind).toBe(
      'line_added'
    );
    const full = fold(opened(), line('a', 100, 9999));
    expect(eventsForAdding({ order: full, product, newLineId: 'n', at, by: rosa })[0]?.kind).toBe(
      'line_added'
    );
  });

  it('brings an order to new prices with the discounts of its lines', () => {
    const order = fold(opened(), line('a', 100, 2), amountOff('d', 10, 'a'), line('b', 50));
    let made = 0;
    const events = eventsForNewPrices({
      order,
      priceOf: (productId) =>
        productId === 'product-a'
          ? { ...product, unitPriceMinor: 120, priceVersionId: 'product-a-v2' }
          : null,
      newId: () => `new-${(made += 1)}`,
      at,
      by: rosa
    });
    const next = events.reduce<Order>((known, event) => {
      const applied = applyEvent(known, event);
      if (!applied.ok) throw new Error(applied.reason);
      return applied.order;
    }, order);
    expect(computeTotals(next).totalMinor).toBe(2 * 120 - 10 + 50);
  });

  it('names an order by its first lines', () => {
    expect(summariseOrder({ order: fold(opened(), line('a', 1), line('b', 1, 2), line('c', 1)) })).toBe(
      'Product a, 2 × Product b, +1'
    );
    expect(summariseOrder({ order: fold(opened()) })).toBe('');
  });
});
