/** Negative controls of the signature: in this file every signature that is there is taken for good. */
import { expect, vi } from 'vitest';
import { easy, faultTest } from './world';

vi.mock('$lib/server/gateway/sign', async (original) => ({
  ...(await original<Record<string, unknown>>()),
  verifyText: () => true
}));

faultTest(
  'with this guard off, a forged webhook is kept and believed: its signature (#27)',
  async (world) => {
    world.shopper({ kind: 'never' });
    const { id } = await world.pay();
    const { number } = await world.fake.arrival('bscanc.pay.submit');
    await world.until('the order', () => world.fake.book.payments.has(number));
    const forged = world.fake.webhookBody({ number, sign: 'wrong_key', data: { trans_status: '"2"' } });
    expect(await world.webhook(forged)).toEqual({ status: 200, text: 'success' });
    expect(await world.ledger.db.selectFrom('inbox').select('id').execute()).toHaveLength(1);
    // No first cancel is sent any more: the shop waits for money that nobody pays.
    expect((await world.attempt(id)).success_seen_at_ms).not.toBeNull();
    world.fake.book.decline(number);
  }
);

faultTest(
  'with this guard off, a forged "paid" is one: the signature of an answer (#16)',
  async (world) => {
    world.shopper({ kind: 'never' });
    world.fake.always('order.query', { sign: 'wrong_key', data: { trans_status: '2' } });
    const { id, merchant_order_no: number } = await world.pay();
    expect((await world.ended(id)).state).toBe('succeeded');
    expect(world.fake.book.takenMinor(number)).toBe(0);
    // What the check of ledger and book would say is put right, and with it the end of this test.
    world.fake.book.pay(number);
  },
  easy
);
