/** Rows that are about minutes and hours: the real engine in virtual time. */
import { describe, expect, test } from 'vitest';
import { businessDayOf } from '$lib/order/business-day';
import { newId, orderEvents } from '$lib/server/payments/shop.fixture';
import { fairWeather } from './sim-gateway';
import { openVirtualShop, type VirtualShop } from './virtual-shop';

const second = 1000;
const minute = 60 * second;

function callsOf(shop: VirtualShop, name: string): VirtualShop['calls'] {
  return shop.calls.filter((call) => call.name === name);
}

describe('in virtual time', () => {
  test('#6 a shopper who confirms at 55 s has paid at the next query', async () => {
    const shop = await openVirtualShop();
    shop.shopper({ kind: 'pays', afterMs: 55 * second });
    const { id } = await shop.pay();
    await shop.pass(55 * second);
    expect((await shop.attempt(id)).state).toBe('paying');
    await shop.pass(6 * second);
    expect(await shop.attempt(id)).toMatchObject({ state: 'succeeded', cancel_standing: 'none' });
    await shop.settle();
  });

  test('#7 a shopper who never answers is cancelled at 60 s, not before', async () => {
    const shop = await openVirtualShop();
    shop.shopper({ kind: 'never' });
    const { id } = await shop.pay();
    await shop.pass(59 * second);
    expect(callsOf(shop, 'cancelPayment')).toEqual([]);
    await shop.pass(5 * second);
    expect((await shop.attempt(id)).state).toBe('cancelled');
    expect(callsOf(shop, 'cancelPayment')).toHaveLength(1);
    await shop.settle();
  });

  for (const repeatedCancel of ['final_refused', 'ok'] as const) {
    test(`a stop that the gateway takes on and carries out minutes later makes no paid sale: the next is told ${repeatedCancel}`, async () => {
      const shop = await openVirtualShop();
      Object.assign(shop.book.rules, { cancelTakesMs: 5 * minute, repeatedCancel });
      shop.shopper({ kind: 'pays', afterMs: 65 * second });
      const { id, merchant_order_no: number } = await shop.pay();
      await shop.pass(5 * minute);
      expect(shop.book.payments.get(number)).toMatchObject({ status: 'paid', cancelQueued: true });
      expect(callsOf(shop, 'cancelPayment').length).toBeGreaterThan(1);
      expect((await shop.attempt(id)).state).toBe('cancelling');
      await shop.pass(15 * minute);
      expect(shop.book.payments.get(number)).toMatchObject({ charges: 1, reversed: true });
      expect((await shop.attempt(id)).state).toBe('cancelled');
      await shop.settle();
    });
  }

  // Submit's answer, webhook and query, in every order in which they can arrive.
  const orders = ['answer first', 'webhook first', 'query first', 'answer lost', 'webhook lost'] as const;
  for (const order of orders) {
    test(`#22 ${order}: the payment ends once, as paid`, async () => {
      const shop = await openVirtualShop();
      shop.shopper({ kind: 'pays', afterMs: 2 * second });
      if (order === 'answer lost') shop.weather = { ...fairWeather, lostAnswer: 1 };
      const { id, merchant_order_no: number } = await shop.pay();
      if (order === 'webhook first') {
        await shop.pass(100);
        shop.book.pay(number);
        await shop.webhook(number);
      }
      await shop.pass(order === 'query first' ? 6 * second : 2500);
      shop.weather = fairWeather;
      if (order !== 'webhook lost') await shop.webhook(number);
      await shop.pass(30 * second);
      expect((await shop.attempt(id)).state).toBe('succeeded');
      expect((await shop.story(id)).filter((what) => what === 'proven_paid')).toHaveLength(1);
      expect(shop.book.payments.get(number)?.charges).toBe(1);
      await shop.settle();
    });
  }

  test('#56 of two attempts on one order the first is found paid late: both are kept, and a task is raised', async () => {
    const shop = await openVirtualShop();
    const order = orderEvents();
    shop.weather = { ...fairWeather, lostRequest: 1 };
    const first = await shop.pay({ order });
    shop.weather = fairWeather;
    await shop.pass(7 * minute);
    expect(await shop.attempt(first.id)).toMatchObject({ state: 'failed', fail_reason: 'not_received' });
    const second_ = await shop.pay({ order });
    await shop.pass(10 * second);
    expect((await shop.attempt(second_.id)).state).toBe('succeeded');
    // Against all promises the first request reaches the gateway now.
    shop.book.submit({
      number: first.merchant_order_no,
      amountMinor: 900,
      currency: 'USD',
      attach: first.id,
      expiresMs: 120 * second
    });
    await shop.pass(20 * minute);
    expect((await shop.attempt(first.id)).state).toBe('paid_late');
    expect(await shop.tasks()).toContain('late_money');
    // The surplus is given back like any other money.
    const refund = await shop.giveBack(first.id, 900);
    await shop.pass(minute);
    expect(await shop.refundState(refund)).toBe('succeeded');
    expect((await shop.attempt(first.id)).state).toBe('refunded');
    expect((await shop.attempt(second_.id)).state).toBe('succeeded');
    await shop.settle();
  });

  test('#57 a clock that is 20 minutes off is alarmed, and is never a decline', async () => {
    const shop = await openVirtualShop();
    shop.clockOffMs = 20 * minute;
    const { id } = await shop.pay();
    await shop.pass(30 * second);
    expect((await shop.attempt(id)).state).toBe('unknown');
    expect(await shop.tasks()).toEqual(['alarm']);
    shop.clockOffMs = 0;
    await shop.pass(30 * minute);
    expect(await shop.attempt(id)).toMatchObject({ state: 'failed', fail_reason: 'not_received' });
    await shop.settle();
  });

  for (const jumpMs of [-3_600_000, -20 * minute, 2 * minute, 3_600_000]) {
    test(`#57 a clock that jumps by ${jumpMs / minute} minutes in the middle brings no cancel nearer than 15 s`, async () => {
      const shop = await openVirtualShop();
      shop.shopper({ kind: 'pays', afterMs: 12 * second });
      const { id } = await shop.pay();
      await shop.pass(3 * second);
      await shop.stop(id);
      shop.clockOffMs = jumpMs;
      await shop.pass(11 * second);
      expect(callsOf(shop, 'cancelPayment')).toEqual([]);
      shop.clockOffMs = 0;
      await shop.pass(10 * minute);
      expect((await shop.attempt(id)).state).toMatch(/succeeded|cancelled/);
      const [submit] = callsOf(shop, 'submitPayment');
      for (const cancel of callsOf(shop, 'cancelPayment')) {
        expect(cancel.atMs - (submit?.atMs ?? 0)).toBeGreaterThanOrEqual(15 * second);
      }
      await shop.settle();
    });
  }

  test('#57 a clock that is set on proves nothing about a payment that is still on its way', async () => {
    const shop = await openVirtualShop();
    shop.shopper({ kind: 'pays', afterMs: 5 * second });
    shop.weather = { ...fairWeather, lateRequest: 1 };
    const { id } = await shop.pay();
    shop.weather = fairWeather;
    await shop.stop(id);
    // The submit arrives within a minute, and until then the gateway knows of nothing.
    await shop.pass(11 * second);
    shop.clockOffMs = 4 * minute;
    while ((await shop.attempt(id)).state !== 'failed' && shop.sinceStartMs() < 20 * second)
      await shop.pass(second);
    expect(callsOf(shop, 'cancelPayment')).not.toEqual([]);
    expect((await shop.attempt(id)).state).toBe('cancelling');
    await shop.settle();
  });

  test('#57 a clock that was an hour ahead and is put right does not leave a shopper waiting for an hour', async () => {
    const shop = await openVirtualShop();
    shop.shopper({ kind: 'pays', afterMs: 12 * second });
    const { id } = await shop.pay();
    await shop.pass(second);
    shop.clockOffMs = 60 * minute;
    await shop.pass(6 * second);
    shop.clockOffMs = 0;
    await shop.pass(12 * second);
    expect((await shop.attempt(id)).state).toBe('succeeded');
    expect(await shop.tasks()).toEqual(['alarm', 'alarm']);
    await shop.settle();
  });

  for (const [season, startMs, day] of [
    ['spring', Date.UTC(2026, 2, 29, 0, 59, 30), '2026-03-28'],
    ['autumn', Date.UTC(2026, 9, 25, 0, 59, 30), '2026-10-24']
  ] as const) {
    test(`#57 in the night of ${season} in which the clocks change, a payment has its minute and its one day`, async () => {
      const shop = await openVirtualShop({ startMs });
      const dayOf = (atMs: number | null): string =>
        businessDayOf({ atMs: atMs ?? 0, timeZone: 'Europe/Berlin', dayStartsAtMinute: 240 });
      shop.shopper({ kind: 'pays', afterMs: 50 * second });
      const paid = await shop.pay();
      await shop.pass(second);
      shop.shopper({ kind: 'never' });
      const unpaid = await shop.pay();
      // It is an hour later, or earlier, on the wall.
      await shop.pass(58 * second);
      expect(await shop.attempt(paid.id)).toMatchObject({ state: 'succeeded', cancel_standing: 'none' });
      expect(callsOf(shop, 'cancelPayment')).toEqual([]);
      await shop.pass(5 * second);
      expect((await shop.attempt(unpaid.id)).state).toBe('cancelled');
      const row = await shop.attempt(paid.id);
      expect([dayOf(row.created_at_ms), dayOf(row.ended_at_ms)]).toEqual([day, day]);
      expect(await shop.tasks()).toEqual([]);
      await shop.settle();
    });
  }

  test('#57 payments refused under a clock that was 20 minutes ahead end soon after it was put right', async () => {
    const shop = await openVirtualShop();
    shop.clockOffMs = 20 * minute;
    const { id } = await shop.pay();
    await shop.pass(5 * minute);
    shop.clockOffMs = 0;
    await shop.pass(12 * minute);
    expect(await shop.attempt(id)).toMatchObject({ state: 'failed', fail_reason: 'not_received' });
    await shop.settle();
  });

  test('#45 a process that froze with an answer in its hands, and was overtaken, tells nothing false', async () => {
    const shop = await openVirtualShop();
    shop.shopper({ kind: 'pays', afterMs: 30 * second });
    const { id } = await shop.pay();
    await shop.pass(5100);
    const frozen = shop.process;
    frozen.freeze();
    await shop.pass(100);
    shop.restart();
    await shop.pass(2 * minute);
    expect((await shop.attempt(id)).state).toBe('succeeded');
    frozen.thaw();
    await shop.pass(minute);
    expect((await shop.attempt(id)).state).toBe('succeeded');
    await shop.settle();
  });

  test('#32 #33 a process that dies at any commit of a payment leaves nothing sent twice and nothing lost', async () => {
    for (const what of ['die_before', 'die_after'] as const) {
      for (let count = 1; count <= 12; count += 1) {
        const shop = await openVirtualShop();
        shop.shopper({ kind: 'pays', afterMs: 7 * second });
        shop.process.atCommit({ count, what });
        const attemptId = newId();
        // The process may die before it can answer: then nobody is answered.
        shop.process.run('pay', () => shop.pay({ attemptId }));
        await shop.pass(8 * second);
        shop.restart();
        await shop.pass(minute);
        await shop.settle();
        expect(callsOf(shop, 'submitPayment').length).toBeLessThanOrEqual(1);
      }
    }
  });

  test('#64 two dozen open payments after an hour without a gateway are all found, a few at a time', async () => {
    const shop = await openVirtualShop();
    shop.shopper({ kind: 'pays', afterMs: second });
    const ids: string[] = [];
    for (let n = 0; n < 24; n += 1) ids.push((await shop.pay()).id);
    await shop.pass(500);
    shop.weather = { ...fairWeather, refusedConnection: 1 };
    await shop.pass(60 * minute);
    shop.weather = fairWeather;
    const from = shop.calls.length;
    await shop.pass(80 * minute);
    const states = new Set(await Promise.all(ids.map(async (id) => (await shop.attempt(id)).state)));
    for (const state of states) expect(['succeeded', 'cancelled']).toContain(state);
    // Never more than sixteen of them in any one call's time.
    const after = shop.calls.slice(from);
    for (let at = 16; at < after.length; at += 1) {
      expect(after[at]!.atMs - after[at - 16]!.atMs).toBeGreaterThan(0);
    }
    await shop.settle();
  });

  test('#64 a cancel that nobody answers for hours is repeated at growing gaps, not every five seconds', async () => {
    const shop = await openVirtualShop();
    shop.shopper({ kind: 'never' });
    await shop.pay();
    await shop.pass(30 * second);
    shop.weather = { ...fairWeather, refusedConnection: 1 };
    await shop.pass(6 * 60 * minute);
    expect(callsOf(shop, 'cancelPayment').length).toBeLessThan(60);
    await shop.settle();
  });
});
