import fc from 'fast-check';
import { expect, test } from 'vitest';
import { amountOff, line, opened } from '$lib/order/fixtures';
import { foldOrder, type Order } from '$lib/order/order';
import { computeTotals } from '$lib/order/totals';
import type { OrderEvent } from '$lib/order/events';
import type { OrderDetail } from '$lib/wire/orders';
import { piecesLeft, refundLines, refundSources, worthOf } from './refund-choice';

type Refund = OrderDetail['refunds'][number];
type Attempt = OrderDetail['attempts'][number];

function orderOf(...events: OrderEvent[]): Order {
  const folded = foldOrder(events);
  if (!folded.ok) throw new Error(folded.reason);
  return folded.order;
}

function refund(part: Partial<Refund>): Refund {
  return { attemptId: 'a', state: 'succeeded', amountMinor: 1, lines: [], ...part } as Refund;
}

test.each(['included', 'added'] as const)(
  'all pieces of all lines are worth the total, whatever the discounts (tax %s)',
  (taxMode) => {
    const lines = fc.array(fc.tuple(fc.integer({ min: 0, max: 9999 }), fc.integer({ min: 1, max: 12 })), {
      minLength: 1,
      maxLength: 6
    });
    fc.assert(
      fc.property(lines, fc.integer({ min: 1, max: 5000 }), (sold, off) => {
        const order = orderOf(
          opened(taxMode),
          ...sold.map(([price, quantity], index) => line(`l${index}`, price, quantity)),
          amountOff('d', off)
        );
        const choice = refundLines({ order, refunds: [] });
        const all = choice.reduce((sum, one) => sum + worthOf(one, one.quantity), 0);
        expect(all).toBe(computeTotals(order).totalMinor);
        expect(choice.flatMap((one) => one.pieces).every((piece) => piece >= 0)).toBe(true);
      })
    );
  }
);

test('pieces given back one by one add up to the line, and are not offered twice', () => {
  const order = orderOf(opened(), line('a', 100, 3), amountOff('d', 100));
  const [whole] = refundLines({ order, refunds: [] });
  expect(whole?.pieces).toEqual([67, 67, 66]);
  const refunds = [
    refund({ lines: [{ lineId: 'a', quantity: 1 }] }),
    refund({ state: 'failed', lines: [{ lineId: 'a', quantity: 1 }] }),
    refund({ state: 'refunding', lines: [{ lineId: 'a', quantity: 1 }] })
  ];
  const [rest] = refundLines({ order, refunds });
  expect(rest && piecesLeft(rest)).toBe(1);
  expect(rest && worthOf(rest, 1)).toBe(66);
});

test('a payment can give back what came, less what went or is on its way; a failed refund took nothing', () => {
  const attempt = (attemptId: string, state: Attempt['state']): Attempt =>
    ({ attemptId, state, amountMinor: 900 }) as Attempt;
  const sources = refundSources({
    attempts: [attempt('a', 'succeeded'), attempt('b', 'failed'), attempt('c', 'paid_late')],
    refunds: [
      refund({ amountMinor: 290 }),
      refund({ amountMinor: 100, state: 'unknown' }),
      refund({ amountMinor: 400, state: 'failed' })
    ]
  });
  expect(sources.map(({ attempt: { attemptId }, leftMinor }) => [attemptId, leftMinor])).toEqual([
    ['c', 900],
    ['a', 510]
  ]);
});
