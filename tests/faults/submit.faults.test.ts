import { describe, expect } from 'vitest';
import { codeOf } from './fake-gateway';
import { easy, faultTest } from './world';

const submit = 'bscanc.pay.submit';

describe('a submit', () => {
  faultTest(
    '#1 answered after our time-out is found paid by asking, once',
    async (world) => {
      world.fake.script(submit, { lateMs: 5000 });
      const row = await world.ended((await world.pay()).id);
      expect(row.state).toBe('succeeded');
      expect(world.fake.count(submit)).toBe(1);
      await world.until('our time-out', async () =>
        /doubt_arose|submit_unanswered/.test((await world.story(row.id)).join())
      );
    },
    easy
  );

  faultTest(
    '#2 whose answer was lost after the charge ends as paid, with one charge',
    async (world) => {
      world.fake.script(submit, { cut: true });
      const row = await world.ended((await world.pay()).id);
      expect(row.state).toBe('succeeded');
      expect(world.fake.book.payments.get(row.merchant_order_no)?.charges).toBe(1);
      expect(world.fake.count(submit)).toBe(1);
    },
    easy
  );

  faultTest('#3 that never arrived ends as not received, and its code is never sent again', async (world) => {
    world.fake.script(submit, { book: false, cut: true });
    const row = await world.ended((await world.pay()).id);
    expect(row).toMatchObject({ state: 'failed', fail_reason: 'not_received' });
    expect(world.fake.count(submit)).toBe(1);
    expect(world.fake.count('order.revoker')).toBeGreaterThanOrEqual(1);
    const age = (row.ended_at_ms ?? 0) - (row.submitted_at_ms ?? 0);
    expect(age).toBeGreaterThanOrEqual(world.scaled(180_000));
  });

  faultTest('#4 to a gateway that refuses connections was not sent, and is told so', async (world) => {
    await world.fake.down();
    const row = await world.ended((await world.pay()).id);
    expect(row).toMatchObject({ state: 'failed', fail_reason: 'not_sent' });
    await world.fake.up();
    expect(world.fake.calls).toEqual([]);
  });

  faultTest(
    '#13 answered with HTTP 500 after the charge ends as paid',
    async (world) => {
      world.fake.script(submit, { http: { status: 500, body: 'oops' } });
      expect((await world.ended((await world.pay()).id)).state).toBe('succeeded');
    },
    easy
  );

  faultTest(
    '#14 refused with a code that nobody knows is asked about: charged',
    async (world) => {
      world.fake.script(submit, { code: 'E99999' });
      const row = await world.ended((await world.pay()).id);
      expect(row.state).toBe('succeeded');
      expect(await world.story(row.id)).toContain('submit_refused');
    },
    easy
  );

  faultTest('#14 refused with a code that nobody knows is asked about: nothing was made', async (world) => {
    world.fake.script(submit, { code: 'E99999', book: false });
    const row = await world.pay();
    await world.fake.arrival('order.query', 2);
    expect((await world.attempt(row.id)).state).toBe('unknown');
    expect(await world.ended(row.id)).toMatchObject({ state: 'failed', fail_reason: 'not_received' });
  });

  faultTest('#14 refused for good is failed only after one query says so', async (world) => {
    world.shopper(null);
    const row = await world.ended((await world.pay()).id);
    expect(row).toMatchObject({ state: 'failed', fail_reason: 'refused' });
    expect(world.fake.count('order.query')).toBeGreaterThanOrEqual(1);
  });

  faultTest(
    '#14 refused for good although it was charged is found paid by that query',
    async (world) => {
      world.fake.script(submit, { code: codeOf.not_created });
      expect((await world.ended((await world.pay()).id)).state).toBe('succeeded');
    },
    easy
  );

  faultTest(
    '#2 whose number was used already is asked about, never believed failed',
    async (world) => {
      world.fake.script(submit, { code: codeOf.duplicate_number });
      expect((await world.ended((await world.pay()).id)).state).toBe('succeeded');
    },
    easy
  );

  faultTest(
    '#1 that hangs is stopped by no clock but ours, and found paid',
    async (world) => {
      world.shopper({ kind: 'pays', afterMs: world.scaled(7000) });
      world.fake.script(submit, { hang: true });
      expect((await world.ended((await world.pay()).id)).state).toBe('succeeded');
      expect(world.fake.count(submit)).toBe(1);
    },
    easy
  );
});
