import { describe, expect } from 'vitest';
import { codeOf } from './fake-gateway';
import { faultTest, type World } from './world';

const cancel = 'order.revoker';

/** A payment whose shopper never answers, with the cashier's wish to stop it. */
async function stopped(world: World): Promise<string> {
  world.shopper({ kind: 'never' });
  const { id } = await world.pay();
  await world.payments.stopPayment({ attemptId: id, staffName: 'Rosa Marin' });
  return id;
}

async function numberOf(world: World): Promise<string> {
  return (await world.fake.arrival('bscanc.pay.submit')).number;
}

describe('a cancel', () => {
  faultTest(
    '#8 that comes right after the shopper paid gives the money back, and the gateway has the word',
    async (world) => {
      world.fake.script(cancel, { first: async () => world.fake.book.pay(await numberOf(world)) });
      const row = await world.ended(await stopped(world));
      expect(row.state).toBe('cancelled');
      expect(world.fake.book.payments.get(row.merchant_order_no)).toMatchObject({
        charges: 1,
        reversed: true
      });
    }
  );

  faultTest(
    '#8 that the gateway refuses because the shopper had paid ends as paid, by a later query',
    async (world) => {
      world.fake.book.rules.cancelsPaid = false;
      world.fake.script(cancel, { first: async () => world.fake.book.pay(await numberOf(world)) });
      const row = await world.ended(await stopped(world));
      expect(row).toMatchObject({ state: 'succeeded', cancel_standing: 'refused' });
    }
  );

  faultTest(
    '#9 refused because the payment is in progress goes on, and never tells an end',
    async (world) => {
      world.fake.book.rules.busyWhilePaying = true;
      const id = await stopped(world);
      await world.fake.arrival(cancel, 3);
      expect((await world.attempt(id)).state).toBe('cancelling');
      world.fake.book.rules.busyWhilePaying = false;
      expect((await world.ended(id)).state).toBe('cancelled');
    }
  );

  faultTest(
    '#9 refused because the payment is in progress, which then is paid, ends as paid',
    async (world) => {
      world.fake.book.rules.busyWhilePaying = true;
      const id = await stopped(world);
      await world.fake.arrival(cancel, 2);
      world.fake.book.pay(await numberOf(world));
      expect((await world.ended(id)).state).toBe('succeeded');
    }
  );

  faultTest('#10 whose answer was lost is repeated, and a query decides', async (world) => {
    world.fake.script(cancel, { cut: true }, { http: { status: 502 } });
    // The queries are blind until the cancel is answered, so that it has to be repeated.
    world.fake.always('order.query', { book: false, cut: true });
    const id = await stopped(world);
    await world.fake.arrival(cancel, 3);
    world.fake.heal();
    expect((await world.ended(id)).state).toBe('cancelled');
    const kept = await world.ledger.db
      .selectFrom('cancels')
      .selectAll()
      .where('attempt_id', '=', id)
      .execute();
    expect(kept.filter((row) => row.answered_at_ms === null).length).toBeGreaterThanOrEqual(2);
  });

  faultTest(
    '#8 #10 that is still on its way when another one is told "busy" makes no paid sale of what it then undoes',
    async (world) => {
      let arrive: () => void = () => undefined;
      const onItsWay = new Promise<void>((resolve) => (arrive = resolve));
      world.fake.book.rules.busyWhilePaying = true;
      world.fake.script(cancel, { first: () => onItsWay });
      const id = await stopped(world);
      await world.fake.arrival(cancel, 2);
      world.fake.book.pay(await numberOf(world));
      await world.until('a query that says paid', async () =>
        (await world.story(id)).some((what) => what === 'paid_seen_while_stopping' || what === 'proven_paid')
      );
      arrive();
      const row = await world.ended(id);
      expect(row.state).toBe('cancelled');
      expect(world.fake.book.payments.get(row.merchant_order_no)).toMatchObject({
        charges: 1,
        reversed: true
      });
    },
    { callTimeoutMs: 500 }
  );

  faultTest(
    '#10 #11 that was carried out unheard is not undone by one stale "paid" after its repeat was refused',
    async (world) => {
      const paidLongAgo = { data: { trans_status: '"2"' } };
      world.fake.always('order.query', { book: false, cut: true });
      world.fake.script(
        cancel,
        { cut: true },
        {
          first: () => {
            world.fake.heal();
            world.fake.script('order.query', paidLongAgo);
          }
        }
      );
      world.shopper({ kind: 'pays', afterMs: world.scaled(14_000) });
      const { id } = await world.pay();
      await world.payments.stopPayment({ attemptId: id, staffName: 'Rosa Marin' });
      const row = await world.ended(id);
      expect(row.state).toBe('cancelled');
    }
  );

  faultTest('#10 whose request was lost is sent again, and destroys nothing twice', async (world) => {
    world.fake.script(cancel, { book: false, cut: true });
    expect((await world.ended(await stopped(world))).state).toBe('cancelled');
  });

  faultTest('#11 that was taken is not undone by one stale "paid"', async (world) => {
    world.shopper({ kind: 'pays', afterMs: world.scaled(14_000) });
    // The queries are blind before the cancel; after it, the first reads what stood before it.
    world.fake.always('order.query', { book: false, cut: true });
    const { id } = await world.pay();
    await world.payments.stopPayment({ attemptId: id, staffName: 'Rosa Marin' });
    world.fake.script(cancel, {
      first: () => {
        world.fake.heal();
        const paidLongAgo = { data: { trans_status: '"2"' } };
        world.fake.script('order.query', paidLongAgo, paidLongAgo);
      }
    });
    const row = await world.ended(id);
    expect(row.state).toBe('cancelled');
    expect(await world.story(id)).toContain('paid_seen_while_stopping');
  });

  faultTest('#11 that ended the payment is not undone by one stale "paid" afterwards', async (world) => {
    const id = await stopped(world);
    const row = await world.ended(id);
    expect(row.state).toBe('cancelled');
    world.fake.script('order.query', { data: { trans_status: '"2"' } });
    await world.webhook(
      world.fake.webhookBody({ number: row.merchant_order_no, data: { trans_status: '"2"' } })
    );
    await world.until('both looks', async () => (await world.story(id)).includes('looked_again'));
    expect(await world.story(id)).toContain('late_money_suspected');
    expect((await world.attempt(id)).state).toBe('cancelled');
  });

  faultTest(
    '#11 answered "not found", by a gateway that knows the order, is asked about further',
    async (world) => {
      world.fake.script(cancel, { code: codeOf.not_found, book: true });
      const row = await world.ended(await stopped(world));
      expect(row.state).toBe('cancelled');
    }
  );

  faultTest(
    '#67 refused past the day’s cut-off leaves a paid payment, which a refund gives back',
    async (world) => {
      world.fake.book.rules.cancelsPaid = false;
      world.fake.script(cancel, { first: async () => world.fake.book.pay(await numberOf(world)) });
      const row = await world.ended(await stopped(world));
      expect(row.state).toBe('succeeded');
      const refund = await world.giveBack(row.id, 900);
      if (!refund.ok) throw new Error(refund.detail);
      expect((await world.refundEnded(refund.row.id)).state).toBe('succeeded');
    }
  );

  faultTest('#7 is never sent sooner than 15 s after the submit, whoever asks', async (world) => {
    const id = await stopped(world);
    const row = await world.ended(id);
    const [first] = world.fake.calls.filter((call) => call.method === cancel);
    expect((first?.atMs ?? 0) - (row.submitted_at_ms ?? 0)).toBeGreaterThanOrEqual(world.scaled(15_000));
  });
});
