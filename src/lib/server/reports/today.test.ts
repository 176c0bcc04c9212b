import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { Ledger } from '../ledger/ledger';
import { openShopLedger } from '../payments/shop.fixture';
import { createTiming } from '../payments/timing';
import { addRefund, addSale, at } from './shop.fixture';
import { readToday, readTodayVersion } from './today';
import { readWeek } from './week';

const timing = createTiming({ timeScale: 1, callTimeoutMs: 10_000 });
let ledger: Ledger;
let nowMs: number;

// The shop's day begins at 4:00 in Berlin: 3:00 UTC in winter.
beforeEach(async () => {
  nowMs = at('2026-11-23T09:45:00Z');
  ledger = await openShopLedger({ now: () => nowMs });
});
afterEach(() => ledger.close());

describe("a day's figures", () => {
  test('count money by the moment of its confirmation, from cut-over to cut-over', async () => {
    await addSale({ ledger, atMs: at('2026-11-23T02:59:59.999Z'), amountMinor: 100 });
    await addSale({ ledger, atMs: at('2026-11-23T03:00:00Z'), amountMinor: 1000 });
    await addSale({ ledger, atMs: at('2026-11-24T02:59:59.999Z'), amountMinor: 2001 });
    await addSale({ ledger, atMs: at('2026-11-24T03:00:00Z'), amountMinor: 400 });
    const today = await readToday({ ledger, timing, day: '2026-11-23' });
    expect(today).toMatchObject({ takingsMinor: 3001, paidOrders: 2, averageMinor: 1501, before: null });
    expect(today.orders).toHaveLength(2);
  });

  test('belong to the running business day when none is asked for, also after midnight', async () => {
    nowMs = at('2026-11-24T01:30:00Z');
    expect((await readToday({ ledger, timing })).day).toBe('2026-11-23');
  });

  test('leave out what is not confirmed, was declined, or came late and is not attached', async () => {
    const atMs = at('2026-11-23T09:00:00Z');
    const open = { ended_at_ms: null } as const;
    await addSale({ ledger, atMs, attempt: { state: 'unknown', ...open } });
    await addSale({ ledger, atMs, attempt: { state: 'failed', fail_reason: 'declined' } });
    await addSale({ ledger, atMs, attempt: { state: 'paid_late' } });
    await addSale({ ledger, atMs, amountMinor: 500, attempt: { state: 'attached' } });
    const today = await readToday({ ledger, timing });
    expect(today).toMatchObject({ takingsMinor: 500, paidOrders: 1 });
    expect(today.orders.map((order) => order.standing).sort()).toEqual([
      'checking',
      'needs_you',
      'not_paid',
      'paid'
    ]);
  });

  test('show refunds in the day in which they ended, and never those of money that is no takings', async () => {
    const atMs = at('2026-11-22T10:00:00Z');
    const sale = await addSale({ ledger, atMs });
    const late = await addSale({ ledger, atMs, attempt: { state: 'refunded' } });
    await addRefund({ ledger, sale, atMs: at('2026-11-23T08:00:00Z'), amountMinor: 290 });
    await addRefund({ ledger, sale: late, atMs: at('2026-11-23T08:00:00Z'), amountMinor: 900 });
    await addRefund({
      ledger,
      sale,
      atMs: at('2026-11-23T08:10:00Z'),
      amountMinor: 100,
      refund: { state: 'failed' }
    });
    expect(await readToday({ ledger, timing })).toMatchObject({ refundedMinor: 290, refundCount: 1 });
    expect(await readToday({ ledger, timing, day: '2026-11-22' })).toMatchObject({
      takingsMinor: 900,
      refundedMinor: 0,
      refundCount: 0
    });
  });

  test('are compared with the same weekday up to the same time of the clock', async () => {
    await addSale({ ledger, atMs: at('2026-11-16T09:44:59Z'), amountMinor: 300 });
    await addSale({ ledger, atMs: at('2026-11-16T09:45:01Z'), amountMinor: 5000 });
    expect((await readToday({ ledger, timing })).before).toEqual({
      takingsMinor: 300,
      paidOrders: 1,
      averageMinor: 300
    });
    nowMs = at('2026-11-24T09:45:00Z');
    expect((await readToday({ ledger, timing, day: '2026-11-23' })).before?.takingsMinor).toBe(5300);
  });

  test('compare by the clock on the wall across a change of the clocks', async () => {
    // Berlin puts its clocks back on 25 October 2026: 9:45 UTC is 11:45 the week before and 10:45 after.
    nowMs = at('2026-10-27T09:45:00Z');
    await addSale({ ledger, atMs: at('2026-10-20T08:44:59Z'), amountMinor: 300 });
    await addSale({ ledger, atMs: at('2026-10-20T09:00:00Z'), amountMinor: 5000 });
    expect((await readToday({ ledger, timing })).before?.takingsMinor).toBe(300);
  });
});

describe('a day by hour', () => {
  test('runs from 7 to 21 where nothing was sold outside', async () => {
    const { byHour } = await readToday({ ledger, timing });
    expect(byHour.map(({ hour }) => hour)).toEqual(Array.from({ length: 15 }, (_, index) => index + 7));
  });

  test('puts the hours after midnight last', async () => {
    await addSale({ ledger, atMs: at('2026-11-24T00:20:00Z'), amountMinor: 700 });
    const { byHour } = await readToday({ ledger, timing, day: '2026-11-23' });
    expect(byHour.at(-1)).toEqual({ hour: 1, takingsMinor: 700, weekBeforeMinor: 0 });
    expect(byHour.at(0)?.hour).toBe(7);
  });

  test('keeps an hour that the clock repeats as one, and loses no sale of the 25-hour day', async () => {
    // The business day of 24 October ends at 4:00 on the 25th, after 2:00 to 3:00 came twice.
    await addSale({ ledger, atMs: at('2026-10-25T00:30:00Z'), amountMinor: 100 });
    await addSale({ ledger, atMs: at('2026-10-25T01:30:00Z'), amountMinor: 20 });
    await addSale({ ledger, atMs: at('2026-10-25T02:59:00Z'), amountMinor: 3 });
    const today = await readToday({ ledger, timing, day: '2026-10-24' });
    expect(today.takingsMinor).toBe(123);
    expect(today.byHour.slice(-2)).toEqual([
      { hour: 2, takingsMinor: 120, weekBeforeMinor: 0 },
      { hour: 3, takingsMinor: 3, weekBeforeMinor: 0 }
    ]);
  });

  test('adds up to the takings on a day of 23 hours', async () => {
    for (const hour of [3, 12, 23]) {
      const text = String(hour).padStart(2, '0');
      await addSale({ ledger, atMs: at(`2026-03-28T${text}:10:00Z`), amountMinor: 100 });
    }
    await addSale({ ledger, atMs: at('2026-03-29T01:59:00Z'), amountMinor: 7 });
    await addSale({ ledger, atMs: at('2026-03-29T02:00:00Z'), amountMinor: 50_000 });
    const today = await readToday({ ledger, timing, day: '2026-03-28' });
    expect(today.takingsMinor).toBe(307);
    expect(today.byHour.reduce((sum, { takingsMinor }) => sum + takingsMinor, 0)).toBe(307);
    expect(today.byHour.at(-1)).toMatchObject({ hour: 3, takingsMinor: 7 });
  });
});

describe('beside the figures', () => {
  test('the wallets stand by what they brought', async () => {
    const atMs = at('2026-11-23T09:00:00Z');
    await addSale({ ledger, atMs, amountMinor: 100 });
    await addSale({ ledger, atMs, amountMinor: 500, attempt: { wallet: 'WeChatPay' } });
    await addSale({ ledger, atMs, amountMinor: 300 });
    expect((await readToday({ ledger, timing })).byWallet).toEqual([
      { wallet: 'WeChatPay', takingsMinor: 500 },
      { wallet: 'Alipay', takingsMinor: 400 }
    ]);
  });

  test('late money and payments left on the desk need somebody, those at the counter do not', async () => {
    const late = await addSale({
      ledger,
      atMs: at('2026-11-20T09:00:00Z'),
      amountMinor: 1200,
      attempt: { state: 'paid_late' }
    });
    const settled = await addSale({ ledger, atMs: nowMs - 1000, attempt: { state: 'attached' } });
    for (const sale of [late, settled]) {
      await ledger.db
        .insertInto('tasks')
        .values({
          key: `late_money:${sale.attemptId}`,
          kind: 'late_money',
          attempt_id: sale.attemptId,
          order_id: sale.orderId,
          text: 'Money came late',
          created_at_ms: nowMs
        })
        .execute();
    }
    const open = { state: 'unknown', ended_at_ms: null } as const;
    const desk = await addSale({ ledger, atMs: nowMs - 60_000, attempt: open });
    await addSale({ ledger, atMs: nowMs - 59_000, attempt: open });
    await addSale({ ledger, atMs: nowMs - 90_000, attempt: { ...open, state: 'cancelling' } });
    expect((await readToday({ ledger, timing })).needsYou).toEqual([
      {
        kind: 'late_money',
        orderId: late.orderId,
        number: late.number,
        amountMinor: 1200,
        text: 'Money came late'
      },
      { kind: 'checking', orderId: desk.orderId, number: desk.number, amountMinor: 900, text: '' }
    ]);
  });

  test('the version of a day changes with its orders, its needs and the minute, and with nothing else', async () => {
    const version = (): Promise<string> => readTodayVersion({ ledger, timing });
    const first = await version();
    nowMs += 2000;
    expect(await version()).toBe(first);
    await addSale({ ledger, atMs: nowMs, attempt: { state: 'unknown', ended_at_ms: null } });
    const second = await version();
    expect(second).not.toBe(first);
    await ledger.db
      .insertInto('events')
      .values({ at_ms: nowMs, subject: 'attempt', subject_id: 'a', what: 'proven_paid', actor: 'worker' })
      .execute();
    const third = await version();
    expect(third).not.toBe(second);
    nowMs += 60_000;
    expect(await version()).not.toBe(third);
  });

  test('a week has its seven days, newest first', async () => {
    await addSale({ ledger, atMs: at('2026-11-23T09:00:00Z'), amountMinor: 100 });
    await addSale({ ledger, atMs: at('2026-11-17T09:00:00Z'), amountMinor: 300 });
    await addSale({ ledger, atMs: at('2026-11-16T09:00:00Z'), amountMinor: 5000 });
    const { days } = await readWeek({ ledger });
    expect(days.map(({ day }) => day)).toEqual([
      '2026-11-23',
      '2026-11-22',
      '2026-11-21',
      '2026-11-20',
      '2026-11-19',
      '2026-11-18',
      '2026-11-17'
    ]);
    expect(days.map(({ takingsMinor }) => takingsMinor)).toEqual([100, 0, 0, 0, 0, 0, 300]);
  });
});
