import { describe, expect } from 'vitest';
import { newId } from '$lib/server/payments/shop.fixture';
import type { AttemptRow, RefundRow } from '$lib/server/payments/parts';
import { codeOf } from './fake-gateway';
import { faultTest, type World } from './world';

const submit = 'order.refund.submit';

async function paid(world: World): Promise<AttemptRow> {
  const row = await world.ended((await world.pay()).id);
  expect(row.state).toBe('succeeded');
  return row;
}

async function refundOf(world: World, id: string, amountMinor: number): Promise<RefundRow> {
  const result = await world.giveBack(id, amountMinor);
  if (!result.ok) throw new Error(`${result.code}: ${result.detail}`);
  return result.row;
}

describe('a refund', () => {
  faultTest('#59 asked for twice with one id is one refund', async (world) => {
    const row = await paid(world);
    const id = newId();
    const results = await Promise.all([1, 2, 3, 4].map(() => world.giveBack(row.id, 290, id)));
    expect(results.map((result) => result.ok)).toEqual([true, true, true, true]);
    await world.refundEnded(id);
    expect(world.fake.book.refunds.size).toBe(1);
    expect(world.fake.count(submit)).toBe(1);
  });

  faultTest(
    '#59 asked for by two people at once is one on its way, and never more than was paid',
    async (world) => {
      const row = await paid(world);
      const results = await Promise.all(Array.from({ length: 6 }, () => world.giveBack(row.id, 900)));
      const taken = results.filter((result) => result.ok);
      expect(taken).toHaveLength(1);
      for (const result of results) {
        if (!result.ok) expect(result.code).toBe('refund_in_flight');
      }
      if (taken[0]?.ok === true) await world.refundEnded(taken[0].row.id);
      expect(await world.giveBack(row.id, 1)).toMatchObject({ ok: false, code: 'refund_too_high' });
      expect(world.fake.book.refundedMinor(row.merchant_order_no)).toBe(900);
    }
  );

  faultTest('#60 above what is left is refused here, and the gateway never hears of it', async (world) => {
    world.fake.book.rules.refusesOverRefund = false;
    const row = await paid(world);
    await world.refundEnded((await refundOf(world, row.id, 600)).id);
    expect(await world.giveBack(row.id, 301)).toMatchObject({
      ok: false,
      code: 'refund_too_high',
      extra: { restMinor: 300 }
    });
    await world.refundEnded((await refundOf(world, row.id, 300)).id);
    expect(world.fake.count(submit)).toBe(2);
  });

  faultTest('#60 of a payment that is open, stopped or failed is refused', async (world) => {
    world.shopper({ kind: 'never' });
    const open = await world.pay();
    expect(await world.giveBack(open.id, 100)).toMatchObject({ ok: false, code: 'not_refundable' });
    await world.until(
      'the cancel',
      async () =>
        (await world.attempt(open.id)).state === 'cancelling' ||
        (await world.attempt(open.id)).state === 'cancelled'
    );
    expect(await world.giveBack(open.id, 100)).toMatchObject({ ok: false });
    expect((await world.ended(open.id)).state).toBe('cancelled');
    expect(await world.giveBack(open.id, 100)).toMatchObject({ ok: false, code: 'not_refundable' });
    expect(world.fake.count(submit)).toBe(0);
  });

  faultTest(
    '#61 whose answer was lost is asked about under the same number, and sent once',
    async (world) => {
      const row = await paid(world);
      world.fake.script(submit, { cut: true });
      const refund = await refundOf(world, row.id, 900);
      expect((await world.refundEnded(refund.id)).state).toBe('succeeded');
      expect(world.fake.count(submit)).toBe(1);
    }
  );

  faultTest('#61 whose request was lost goes again with the same number, after two looks', async (world) => {
    const row = await paid(world);
    world.fake.script(submit, { book: false, cut: true });
    const refund = await refundOf(world, row.id, 900);
    const ended = await world.refundEnded(refund.id);
    expect(ended.state).toBe('succeeded');
    const sent = world.fake.calls.filter((call) => call.method === submit);
    expect(sent.map((call) => call.number)).toEqual([ended.merchant_order_no, ended.merchant_order_no]);
    expect((sent[1]?.atMs ?? 0) - (sent[0]?.atMs ?? 0)).toBeGreaterThanOrEqual(world.scaled(60_000));
  });

  faultTest(
    '#61 that fails later frees what it held, and another try has a number of its own',
    async (world) => {
      const row = await paid(world);
      world.fake.book.rules.refund = () => ({ ends: 'failed', afterMs: 600_000 });
      const first = await refundOf(world, row.id, 900);
      await world.fake.arrival('order.refund.query', 1);
      expect(await world.giveBack(row.id, 900)).toMatchObject({ ok: false, code: 'refund_in_flight' });
      for (const refund of world.fake.book.refunds.values()) refund.status = 'failed';
      expect((await world.refundEnded(first.id)).state).toBe('failed');
      world.fake.book.rules.refund = () => ({ ends: 'done', afterMs: 0 });
      const second = await refundOf(world, row.id, 900);
      expect((await world.refundEnded(second.id)).state).toBe('succeeded');
      expect(second.merchant_order_no).not.toBe(first.merchant_order_no);
    }
  );

  faultTest(
    '#62 that meets an empty balance waits, is shown as waiting, and goes again later',
    async (world) => {
      const row = await paid(world);
      world.fake.book.rules.balanceMinor = 0;
      const refund = await refundOf(world, row.id, 900);
      await world.until('waiting', async () => (await world.refund(refund.id)).state === 'waiting_funds');
      world.fake.book.rules.balanceMinor = 900;
      await world.payments.askRefundNow({ refundId: refund.id });
      expect((await world.refundEnded(refund.id)).state).toBe('succeeded');
      const sent = world.fake.calls.filter((call) => call.method === submit);
      expect(new Set(sent.map((call) => call.number)).size).toBe(1);
    }
  );

  faultTest('#61 refused although it was taken on is found by asking', async (world) => {
    const row = await paid(world);
    world.fake.script(submit, { code: codeOf.final_refused });
    const refund = await refundOf(world, row.id, 900);
    expect((await world.refundEnded(refund.id)).state).toBe('succeeded');
  });

  faultTest('#61 whose number is known already is asked about, and not failed', async (world) => {
    const row = await paid(world);
    world.fake.script(submit, { code: codeOf.duplicate_number });
    const refund = await refundOf(world, row.id, 900);
    expect((await world.refundEnded(refund.id)).state).toBe('succeeded');
    expect(world.fake.count(submit)).toBe(1);
  });
});
