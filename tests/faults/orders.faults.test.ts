import { describe, expect } from 'vitest';
import { newId, orderEvents, paymentRequest, sender } from '$lib/server/payments/shop.fixture';
import type { Sender } from '$lib/server/payments/store-order';
import { faultTest } from './world';

const submit = 'bscanc.pay.submit';
const otherTab: Sender = { ...sender, staffId: 'staff-2', staffName: 'Jo Lind' };

describe('an order', () => {
  faultTest('#46 whose request a browser sends again by itself is submitted once', async (world) => {
    const request = paymentRequest({ ends: '00' });
    const results = await Promise.all(Array.from({ length: 8 }, () => world.request(request)));
    for (const result of results) expect(result).toMatchObject({ ok: true, row: { id: request.attemptId } });
    expect((await world.ended(request.attemptId)).state).toBe('succeeded');
    expect(world.fake.count(submit)).toBe(1);
  });

  faultTest('#46 whose request comes again with another amount or code is refused', async (world) => {
    world.shopper({ kind: 'never' });
    const request = paymentRequest({ ends: '00' });
    await world.request(request);
    for (const changed of [{ amountMinor: 800 }, { paymentCode: '281234567890123456' }]) {
      const result = await world.request({ ...request, ...changed });
      expect(result).toMatchObject({ ok: false, code: 'attempt_conflict' });
    }
    expect((await world.ended(request.attemptId)).state).toBe('cancelled');
    expect(world.fake.count(submit)).toBe(1);
  });

  faultTest(
    '#47 #55 that two ask to pay at once has one payment, and the other is told who holds it',
    async (world) => {
      const order = orderEvents();
      const results = await Promise.all(
        [sender, otherTab, sender, otherTab].map((from) =>
          world.request(paymentRequest({ ends: '00', order, attemptId: newId() }), from)
        )
      );
      const [taken, ...more] = results.filter((result) => result.ok);
      expect(more).toEqual([]);
      if (taken?.ok !== true) throw new Error('nobody may pay');
      for (const result of results) {
        if (!result.ok) {
          expect(result).toMatchObject({
            code: 'order_busy',
            extra: { attemptId: taken.row.id, heldBy: sender.registerId }
          });
        }
      }
      expect((await world.ended(taken.row.id)).state).toBe('succeeded');
      expect(await world.request(paymentRequest({ ends: '00', order }))).toMatchObject({
        ok: false,
        code: 'already_paid'
      });
      expect(world.fake.count(submit)).toBe(1);
    }
  );

  faultTest('#56 whose payment is unknown takes no second one until the first has ended', async (world) => {
    world.fake.script(submit, { cut: true, book: false });
    const order = orderEvents();
    const first = paymentRequest({ ends: '00', order });
    await world.request(first);
    await world.until('the doubt', async () => (await world.attempt(first.attemptId)).state === 'unknown');
    const second = paymentRequest({ ends: '00', order, attemptId: newId() });
    expect(await world.request(second)).toMatchObject({ ok: false, code: 'order_busy' });
    expect(await world.ended(first.attemptId)).toMatchObject({
      state: 'failed',
      fail_reason: 'not_received'
    });
    expect(await world.request(second)).toMatchObject({ ok: true });
    expect((await world.ended(second.attemptId)).state).toBe('succeeded');
  });

  faultTest('#2 whose attempt was given up before it arrived is never submitted by it', async (world) => {
    const request = paymentRequest({ ends: '00' });
    const [given, late] = await Promise.all([
      world.payments.giveUp({ sender, attemptId: request.attemptId, orderId: request.orderId }),
      world.request(request)
    ]);
    if (given.state === 'void') expect(late).toMatchObject({ ok: false, code: 'attempt_void' });
    else expect(late).toMatchObject({ ok: true });
    const again = await world.payments.giveUp({
      sender,
      attemptId: request.attemptId,
      orderId: request.orderId
    });
    expect(again.id).toBe(request.attemptId);
    if (again.state !== 'void') await world.ended(again.id);
    expect(world.fake.count(submit)).toBe(given.state === 'void' ? 0 : 1);
  });

  for (const offMs of [-20 * 60_000, 20 * 60_000]) {
    faultTest(
      `#57 paid under a clock ${offMs / 60_000} minutes off is refused by the gateway, alarmed, and never declined`,
      async (world) => {
        world.clock.offMs = offMs;
        world.fake.always('order.query', { dateHeader: 'Mon, 23 Nov 2026 10:42:00 GMT' });
        const { id } = await world.pay();
        await world.until('the alarm', async () => (await world.tasks()).includes('alarm'));
        const row = await world.attempt(id);
        expect(row.state).not.toMatch(/failed|cancelled|succeeded/);
        expect(world.fake.book.payments.size).toBe(0);
      }
    );
  }
});
