import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { OrderEvent, TaxMode } from './events';
import { amountOff, line, opened, percentOff } from './fixtures';
import { foldOrder } from './order';
import { buildReceipt } from './receipt';
import { repriceEvents } from './reprice';
import { computeTotals, type Totals } from './totals';

function totalsOf(...events: OrderEvent[]): Totals {
  const folded = foldOrder(events);
  if (!folded.ok) throw new Error(folded.reason);
  return computeTotals(folded.order);
}

describe('totals', () => {
  it('finds the tax inside the price', () => {
    const totals = totalsOf(opened('included'), line('a', 1190), line('b', 107, 1, { taxRatePpm: 70_000 }));
    expect(totals).toMatchObject({ subtotalMinor: 1297, totalMinor: 1297, taxMinor: 190 + 7 });
    expect(totals.byRate.map((rate) => [rate.netMinor, rate.taxMinor])).toEqual([
      [1000, 190],
      [100, 7]
    ]);
  });

  it('adds the tax on top of the price, once per rate', () => {
    // three lines of 0.10 at 8.875 %: rounded each they would bear 0.03, together 0.0266 is 0.03 too; ten show it
    const lines = Array.from({ length: 10 }, (_, index) => line(`l${index}`, 10, 1, { taxRatePpm: 88_750 }));
    expect(totalsOf(opened('added', 'USD'), ...lines)).toMatchObject({
      subtotalMinor: 100,
      taxMinor: 9,
      totalMinor: 109
    });
  });

  it('takes line discounts first, then spreads the discount of the order', () => {
    const totals = totalsOf(
      opened(),
      line('a', 1000, 1, { taxRatePpm: 0 }),
      line('b', 1000, 1, { taxRatePpm: 0 }),
      percentOff('whole', 100_000),
      amountOff('own', 500, 'a')
    );
    expect(totals.lines.map((known) => known.shownMinor)).toEqual([500, 1000]);
    expect(totals).toMatchObject({ subtotalMinor: 1500, orderDiscountMinor: 150, totalMinor: 1350 });
    expect(totals.lines.map((known) => known.orderDiscountMinor)).toEqual([50, 100]);
  });

  it('rounds a percentage half up and never goes below zero', () => {
    expect(totalsOf(opened(), line('a', 5), percentOff('d', 100_000)).totalMinor).toBe(4);
    const free = totalsOf(opened(), line('a', 5), amountOff('d', 700));
    expect(free.totalMinor).toBe(0);
    expect(free.discounts).toEqual([{ discountId: 'd', lineId: null, amountMinor: 5 }]);
  });

  it('loses and makes no cent, whatever the lines, discounts and tax', () => {
    const lines = fc.array(
      fc.record({
        price: fc.integer({ min: 0, max: 100_000 }),
        pieces: fc.integer({ min: 1, max: 20 }),
        rate: fc.constantFrom(0, 55_000, 70_000, 88_750, 190_000)
      }),
      { minLength: 1, maxLength: 12 }
    );
    const discount = fc.oneof(
      fc.record({ amount: fc.integer({ min: 1, max: 300_000 }), on: fc.option(fc.nat({ max: 11 })) }),
      fc.record({ rate: fc.integer({ min: 1, max: 1_000_000 }), on: fc.option(fc.nat({ max: 11 })) })
    );
    fc.assert(
      fc.property(
        fc.constantFrom<TaxMode>('included', 'added'),
        lines,
        fc.array(discount, { maxLength: 5 }),
        (taxMode, given, discounts) => {
          const totals = totalsOf(
            opened(taxMode),
            ...given.map(({ price, pieces, rate }, index) =>
              line(`l${index}`, price, pieces, { taxRatePpm: rate })
            ),
            ...discounts.map((one, index) => {
              const lineId = one.on === null ? null : `l${one.on % given.length}`;
              return 'amount' in one
                ? amountOff(`d${index}`, one.amount, lineId)
                : percentOff(`d${index}`, one.rate, lineId);
            })
          );
          const sum = (numbers: readonly number[]) => numbers.reduce((all, one) => all + one, 0);
          const list = sum(given.map(({ price, pieces }) => price * pieces));
          const off = sum(totals.discounts.map((one) => one.amountMinor));
          const lineSum = sum(totals.lines.map((one) => one.totalMinor));
          expect(lineSum).toBe(list - off);
          expect(sum(totals.lines.map((one) => one.orderDiscountMinor))).toBe(totals.orderDiscountMinor);
          for (const one of totals.lines) expect(one.totalMinor).toBeGreaterThanOrEqual(0);
          for (const rate of totals.byRate) expect(rate.netMinor + rate.taxMinor).toBe(rate.grossMinor);
          expect(totals.totalMinor).toBe(taxMode === 'included' ? lineSum : lineSum + totals.taxMinor);
        }
      )
    );
  });
});

describe('the server’s prices', () => {
  const price = (unitPriceMinor: number, version: string) => ({
    productId: 'product-a',
    priceVersionId: version,
    name: 'Cola',
    unitPriceMinor,
    taxRateId: 'rate-190000',
    taxRatePpm: 190_000
  });

  it('win over what a register sends, and say that they differ', () => {
    const repriced = repriceEvents({
      events: [opened(), line('a', 1, 3)],
      priceOf: () => price(250, 'product-a-v1')
    });
    expect(repriced).toMatchObject({ ok: true, changedLineIds: ['a'] });
    if (repriced.ok) expect(totalsOf(...repriced.events).totalMinor).toBe(750);
  });

  it('do not differ by a corrected name, nor by a line that was removed', () => {
    expect(
      repriceEvents({ events: [opened(), line('a', 250)], priceOf: () => price(250, 'product-a-v1') })
    ).toMatchObject({ changedLineIds: [] });
    expect(
      repriceEvents({
        events: [
          opened(),
          line('a', 250),
          { kind: 'line_removed', at: '', by: { staffId: 's', name: 'n' }, lineId: 'a' }
        ],
        priceOf: () => price(300, 'product-a-v2')
      })
    ).toMatchObject({ changedLineIds: [] });
  });

  it('refuse a product that the server does not know', () => {
    expect(repriceEvents({ events: [opened(), line('a', 250)], priceOf: () => null })).toEqual({
      ok: false,
      reason: 'product_unknown',
      lineId: 'a'
    });
  });
});

describe('a receipt', () => {
  it('carries the lines with what came off, the tax by rate and the training flag', () => {
    const folded = foldOrder([
      opened(),
      line('a', 1000, 2),
      amountOff('d', 100, 'a'),
      percentOff('e', 100_000)
    ]);
    if (!folded.ok) throw new Error(folded.reason);
    const receipt = buildReceipt({
      shop: { name: 'Corner', address: '', taxId: '', timeZone: 'Europe/Berlin', locale: 'de-DE' },
      order: folded.order,
      tenders: [],
      refunds: [],
      training: true
    });
    expect(receipt.lines[0]).toMatchObject({ listMinor: 2000, shownMinor: 1900 });
    expect(receipt.lines[0]?.discounts).toEqual([{ why: 'regular', amountMinor: 100 }]);
    expect(receipt.orderDiscounts).toEqual([{ why: 'regular', amountMinor: 190 }]);
    expect(receipt).toMatchObject({ totalMinor: 1710, leftMinor: 1710, training: true });
  });

  it('says what is left after cash and after the wallet, and never less than nothing', () => {
    const cash: OrderEvent = {
      kind: 'cash_tendered',
      at: '2026-11-23T09:00:00.000Z',
      by: { staffId: 's1', name: 'Rosa' },
      tenderId: 't',
      amountMinor: 400,
      roundingMinor: 0,
      givenMinor: 400
    };
    const folded = foldOrder([opened(), line('a', 1000), cash]);
    if (!folded.ok) throw new Error(folded.reason);
    const leftAfter = (...walletMinor: readonly number[]) =>
      buildReceipt({
        shop: { name: 'Corner', address: '', taxId: '', timeZone: 'Europe/Berlin', locale: 'de-DE' },
        order: folded.order,
        tenders: walletMinor.map((amountMinor) => ({
          kind: 'wallet',
          wallet: 'Alipay',
          amountMinor,
          paidMinor: amountMinor,
          offerByMerchantMinor: 0,
          offerByChannelMinor: 0,
          merchantOrderNo: 'T0000',
          codeLast4: '0000',
          at: '2026-11-23T09:00:09.000Z'
        })),
        refunds: [],
        training: false
      }).leftMinor;
    expect([leftAfter(), leftAfter(600), leftAfter(1000)]).toEqual([600, 0, 0]);
  });
});
