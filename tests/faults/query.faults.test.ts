import { describe, expect } from 'vitest';
import { easy, faultTest } from './world';

describe('a query', () => {
  faultTest(
    '#7 that says "paying" for a minute leads to a cancel, and the cancel to an end',
    async (world) => {
      world.shopper({ kind: 'never' });
      const row = await world.ended((await world.pay()).id);
      expect(row.state).toBe('cancelled');
      const [cancel] = world.fake.calls.filter((call) => call.method === 'order.revoker');
      expect((cancel?.atMs ?? 0) - (row.submitted_at_ms ?? 0)).toBeGreaterThanOrEqual(world.scaled(60_000));
    }
  );

  faultTest(
    '#31 alone is enough: no webhook ever arrives',
    async (world) => {
      world.shopper({ kind: 'pays', afterMs: world.scaled(7000) });
      const rows = await Promise.all([world.pay(), world.pay(), world.pay()]);
      for (const { id } of rows) expect((await world.ended(id)).state).toBe('succeeded');
      const inbox = await world.ledger.db.selectFrom('inbox').selectAll().execute();
      expect(inbox).toEqual([]);
    },
    easy
  );

  faultTest('#12 that says "closed" after a full refund changes nothing', async (world) => {
    const row = await world.ended((await world.pay()).id);
    const refund = await world.giveBack(row.id, 900);
    if (!refund.ok) throw new Error(refund.detail);
    await world.refundEnded(refund.row.id);
    for (const status of ['"1"', '"3"']) {
      world.fake.always('order.query', { data: { trans_status: status } });
      const asked = world.fake.count('order.query');
      await world.webhook(
        world.fake.webhookBody({ number: row.merchant_order_no, data: { trans_status: status } })
      );
      await world.until('the query', async () => {
        const now = await world.attempt(row.id);
        return (
          world.fake.count('order.query') > asked && now.lease_owner === null && now.next_due_at_ms === null
        );
      });
      expect((await world.attempt(row.id)).state).toBe('succeeded');
    }
    expect(await world.tasks()).toContain('contradiction');
  });

  faultTest(
    '#6 that is not answered, three times over, does not end the asking',
    async (world) => {
      world.shopper({ kind: 'pays', afterMs: world.scaled(10_000) });
      world.fake.script('order.query', { book: false, cut: true }, { cut: true }, { hang: true });
      expect((await world.ended((await world.pay()).id)).state).toBe('succeeded');
    },
    easy
  );
});
