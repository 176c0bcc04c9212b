import { describe, expect } from 'vitest';
import { paymentRequest, sender } from '$lib/server/payments/shop.fixture';
import { easy, faultTest } from './world';

const dies = 'the process dies here';

describe('a server that stops and starts again', () => {
  faultTest('#32 after the intent, before anything was sent, ends the payment as not sent', async (world) => {
    const dying = world.anotherProcess({
      crashPoint(name) {
        if (name === 'after_intent') throw new Error(dies);
      }
    });
    const request = paymentRequest({ ends: '00' });
    await expect(dying.request({ sender, request })).rejects.toThrow(dies);
    expect(await world.ended(request.attemptId)).toMatchObject({ state: 'failed', fail_reason: 'not_sent' });
    expect(world.fake.calls).toEqual([]);
  });

  faultTest(
    '#33 after it sent, before it wrote down the answer, finds the payment by asking',
    async (world) => {
      const dying = world.anotherProcess({
        crashPoint(name) {
          if (name === 'after_send') throw new Error(dies);
        }
      });
      const request = paymentRequest({ ends: '00' });
      expect(await dying.request({ sender, request })).toMatchObject({ ok: true });
      const row = await world.ended(request.attemptId);
      expect(row).toMatchObject({ state: 'succeeded', submit_answered_at_ms: null });
      expect(world.fake.count('bscanc.pay.submit')).toBe(1);
    },
    easy
  );

  faultTest(
    '#34 after it wrote down the answer tells it to whoever asks by the attempt’s id',
    async (world) => {
      const request = paymentRequest({ ends: '00' });
      await world.request(request);
      await world.fake.arrival('bscanc.pay.submit');
      await world.restart();
      const again = await world.request(request);
      expect(again).toMatchObject({ ok: true, row: { id: request.attemptId } });
      expect((await world.ended(request.attemptId)).state).toBe('succeeded');
      expect(world.fake.count('bscanc.pay.submit')).toBe(1);
    },
    easy
  );

  faultTest(
    '#35 while the shopper types the password takes up asking where it was',
    async (world) => {
      world.shopper({ kind: 'pays', afterMs: world.scaled(20_000) });
      const { id } = await world.pay();
      await world.fake.arrival('order.query', 1);
      await world.restart();
      await world.restart();
      expect((await world.ended(id)).state).toBe('succeeded');
    },
    { timeScale: 10 }
  );

  faultTest(
    '#44 two processes on one ledger ask about each payment one at a time',
    async (world) => {
      world.anotherProcess();
      world.anotherProcess();
      world.shopper({ kind: 'pays', afterMs: world.scaled(12_000) });
      const rows = await Promise.all([world.pay(), world.pay(), world.pay(), world.pay()]);
      for (const { id } of rows) expect((await world.ended(id)).state).toBe('succeeded');
      for (const { id, merchant_order_no: number } of rows) {
        expect(world.fake.count('bscanc.pay.submit', number)).toBe(1);
        expect((await world.story(id)).filter((what) => what === 'proven_paid')).toHaveLength(1);
      }
    },
    { timeScale: 10 }
  );
});
