import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { easy, faultTest, openWorld } from './world';

describe('a webhook', () => {
  faultTest(
    '#22 before the submit’s answer is applied once, and the answer then changes nothing',
    async (world) => {
      world.fake.script('bscanc.pay.submit', { lateMs: 250 });
      const { id } = await world.pay();
      const { number } = await world.fake.arrival('bscanc.pay.submit');
      await world.until('the charge', () => world.fake.book.payments.has(number));
      expect(await world.webhook(world.fake.webhookBody({ number }))).toEqual({
        status: 200,
        text: 'success'
      });
      const row = await world.ended(id);
      expect(row.state).toBe('succeeded');
      await world.until('the answer', async () => (await world.attempt(id)).submit_answered_at_ms !== null);
      expect(await world.attempt(id)).toMatchObject({ state: 'succeeded', ended_at_ms: row.ended_at_ms });
      const story = await world.story(id);
      expect(story.filter((what) => what === 'proven_paid')).toHaveLength(1);
    },
    easy
  );

  faultTest(
    '#22 while the submit hangs makes the query due at once',
    async (world) => {
      world.fake.script('bscanc.pay.submit', { hang: true });
      const { id } = await world.pay();
      const { number } = await world.fake.arrival('bscanc.pay.submit');
      await world.until('the charge', () => world.fake.book.payments.has(number));
      await world.webhook(world.fake.webhookBody({ number }));
      const row = await world.ended(id);
      expect(row.state).toBe('succeeded');
      expect((row.ended_at_ms ?? 0) - row.created_at_ms).toBeLessThan(world.scaled(60_000));
    },
    { timeScale: 20 }
  );

  faultTest('#23 about a number that is not known yet is kept, answered and harmless', async (world) => {
    const number = 'T0123456789ABCDEFGHJKMNPQRST';
    expect(await world.webhook(world.fake.webhookBody({ number }))).toEqual({ status: 200, text: 'success' });
    const [kept] = await world.ledger.db.selectFrom('inbox').selectAll().execute();
    expect(kept).toMatchObject({ merchant_order_no: number, matched: null });
  });

  faultTest('#24 that comes fifteen times at once has one effect, and each is answered', async (world) => {
    const row = await world.ended((await world.pay()).id);
    const body = world.fake.webhookBody({ number: row.merchant_order_no });
    const answers = await Promise.all(Array.from({ length: 15 }, () => world.webhook(body)));
    expect(answers).toEqual(Array.from({ length: 15 }, () => ({ status: 200, text: 'success' })));
    const kept = await world.ledger.db.selectFrom('inbox').selectAll().execute();
    expect(kept).toMatchObject([{ times_received: 15, matched: 'attempt' }]);
    expect((await world.story(row.id)).filter((what) => what === 'proven_paid')).toHaveLength(1);
  });

  faultTest('#26 from before a refund resurrects nothing, however often it comes', async (world) => {
    const row = await world.ended((await world.pay()).id);
    const old = world.fake.webhookBody({ number: row.merchant_order_no });
    const refund = await world.giveBack(row.id, 900);
    if (!refund.ok) throw new Error(refund.detail);
    await world.refundEnded(refund.row.id);
    const before = await world.attempt(row.id);
    for (let times = 0; times < 3; times += 1) expect((await world.webhook(old)).status).toBe(200);
    await world.until('the query', async () => (await world.attempt(row.id)).next_due_at_ms === null);
    expect(await world.attempt(row.id)).toMatchObject({
      state: before.state,
      ended_at_ms: before.ended_at_ms
    });
    expect(await world.giveBack(row.id, 1)).toMatchObject({ ok: false, code: 'refund_too_high' });
  });

  faultTest('#26 that says "paid" of a payment that failed moves nothing by itself', async (world) => {
    world.shopper({ kind: 'declines', afterMs: 0 });
    const row = await world.ended((await world.pay()).id);
    expect(row).toMatchObject({ state: 'failed', fail_reason: 'declined' });
    await world.webhook(
      world.fake.webhookBody({ number: row.merchant_order_no, data: { trans_status: '"2"' } })
    );
    await world.until('the query', async () => (await world.story(row.id)).includes('looked_again'));
    expect((await world.attempt(row.id)).state).toBe('failed');
  });

  const forgeries = [
    ['without a signature', { sign: 'missing' }],
    ['signed with another key', { sign: 'wrong_key' }],
    ['for another merchant', { data: { merchant_no: '"999"' } }],
    ['for another app', { data: { app_id: '"other"' } }]
  ] as const;
  for (const [name, over] of forgeries) {
    faultTest(`#27 ${name} is refused, kept nowhere and changes nothing`, async (world) => {
      world.shopper({ kind: 'never' });
      const { id } = await world.pay();
      const { number } = await world.fake.arrival('bscanc.pay.submit');
      await world.until('the order', () => world.fake.book.payments.has(number));
      const body = world.fake.webhookBody({
        number,
        ...over,
        data: { trans_status: '"2"', ...('data' in over ? over.data : {}) }
      });
      expect((await world.webhook(body)).status).toBe(400);
      expect(await world.ledger.db.selectFrom('inbox').selectAll().execute()).toEqual([]);
      expect((await world.attempt(id)).success_seen_at_ms).toBeNull();
      expect((await world.ended(id)).state).toBe('cancelled');
    });
  }

  faultTest('#29 of a megabyte is refused without being read for a signature', async (world) => {
    const answer = await world.webhook(`{"merchant_order_no":"T1","x":"${'y'.repeat(1_000_000)}"}`);
    expect(answer).toEqual({ status: 400, text: 'unreadable' });
  });

  faultTest(
    '#30 that meets a crash before its commit was never answered, and comes again',
    async (world) => {
      world.shopper({ kind: 'never' });
      const { id } = await world.pay();
      const { number } = await world.fake.arrival('bscanc.pay.submit');
      const dying = world.anotherProcess({
        crashPoint(name) {
          if (name === 'inbox.before_commit') throw new Error('the process dies here');
        }
      });
      const rawBody = world.fake.webhookBody({ number });
      await expect(dying.receiveWebhook({ rawBody, contentType: null })).rejects.toThrow('dies here');
      expect(await world.ledger.db.selectFrom('inbox').selectAll().execute()).toEqual([]);
      world.fake.book.pay(number);
      expect(await world.webhook(world.fake.webhookBody({ number }))).toEqual({
        status: 200,
        text: 'success'
      });
      expect((await world.ended(id)).state).toBe('succeeded');
    },
    easy
  );
});

/** All that the gateway ever says about one payment and its refund, in any order and any number of times. */
test('#25 webhooks in any order and number lead to the same end', async () => {
  const ends = new Set<string>();
  await fc.assert(
    fc.asyncProperty(
      fc.array(fc.constantFrom('paying', 'paid', 'refunded'), { minLength: 0, maxLength: 8 }),
      async (order) => {
        const world = await openWorld({ timeScale: 20 });
        try {
          world.shopper({ kind: 'pays', afterMs: world.scaled(5000) });
          const { id, merchant_order_no: number } = await world.pay();
          const [early, late] = [order.slice(0, order.length / 2), order.slice(order.length / 2)];
          await world.fake.arrival('bscanc.pay.submit');
          const refundNo = 'T0000000000000000000000000R';
          const send = async (what: string): Promise<void> => {
            const known = what === 'refunded' ? refundNo : number;
            const status = what === 'paying' ? '"0"' : '"2"';
            const about = world.fake.book.payments.has(known) || what === 'refunded';
            if (!about) return;
            const answer = await world.webhook(
              world.fake.webhookBody({ number: known, data: { trans_status: status } })
            );
            expect(answer).toEqual({ status: 200, text: 'success' });
          };
          await Promise.all(early.map(send));
          const row = await world.ended(id);
          const refund = await world.giveBack(id, 290);
          if (!refund.ok) throw new Error(refund.detail);
          await Promise.all(late.map(send));
          const given = await world.refundEnded(refund.row.id);
          await world.settle();
          ends.add(`${row.state} ${given.state} ${String(row.paid_minor)} ${String(given.given_back_minor)}`);
        } finally {
          await world.close();
        }
      }
    ),
    { numRuns: 12 }
  );
  expect([...ends]).toEqual(['succeeded succeeded 900 290']);
});
