import * as fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fault, Method } from './fake-gateway';
import { easy, faultTest, openWorld, type World } from './world';

const query = 'order.query';

/** The payment is charged, and every query goes this way until it was seen twice; then all is well again. */
async function paidThrough(world: World, fault: Fault): Promise<string> {
  world.fake.always(query, fault);
  const { id } = await world.pay();
  await world.fake.arrival(query, 2);
  expect((await world.attempt(id)).state).not.toMatch(/succeeded|failed|cancelled/);
  world.fake.heal();
  expect((await world.ended(id)).state).toBe('succeeded');
  return id;
}

describe('a body that is no answer leaves the payment open, whatever call it answers', () => {
  const bodies: [string, Fault][] = [
    ['HTTP 500', { http: { status: 500, body: 'Internal Server Error' } }],
    ['HTTP 502 with a page', { http: { status: 502, body: '<html><body>Bad Gateway</body></html>' } }],
    ['HTTP 429', { http: { status: 429, headers: { 'retry-after': '3600' } } }],
    ['a redirect', { http: { status: 302, headers: { location: 'http://127.0.0.1:1/' } } }],
    ['HTTP 204 with nothing', { http: { status: 204 } }],
    ['a page with HTTP 200', { body: '<!doctype html><title>Log in to the hotel’s network</title>' }],
    ['an empty body', { body: '' }],
    ['half of an answer', { cutBodyAt: 60 }],
    ['another JSON', { body: '[]' }],
    ['a body of 2 MB', { body: `{"code":"0","msg":"${'x'.repeat(2_000_000)}"}` }]
  ];
  for (const [name, fault] of bodies) {
    faultTest(
      `#13 ${name}`,
      async (world) => {
        world.fake.script('bscanc.pay.submit', fault);
        const id = await paidThrough(world, fault);
        world.fake.script('order.refund.submit', fault);
        world.fake.script('order.refund.query', fault);
        const refund = await world.giveBack(id, 290);
        if (!refund.ok) throw new Error(refund.detail);
        expect((await world.refundEnded(refund.row.id)).state).toBe('succeeded');
      },
      easy
    );
  }

  faultTest(
    '#63 a captive portal, a cut and an outage by turns make one payment',
    async (world) => {
      world.shopper({ kind: 'pays', afterMs: world.scaled(8000) });
      const flaps: Fault[] = [
        { body: '<html>Please log in</html>' },
        { book: false, cut: true },
        { http: { status: 503 } },
        { cut: true }
      ];
      world.fake.script(query, ...flaps, null, ...flaps);
      const row = await world.ended((await world.pay()).id);
      expect(row.state).toBe('succeeded');
      expect(world.fake.book.payments.get(row.merchant_order_no)?.charges).toBe(1);
    },
    { timeScale: 10 }
  );
});

describe('an answer that nobody can trust is ignored and alarmed', () => {
  const forgeries: [string, Fault][] = [
    ['#16 signed with another key', { sign: 'wrong_key' }],
    ['#16 changed on the way', { sign: 'tampered' }],
    ['#17 without a signature', { sign: 'missing' }],
    ['#17 with an empty signature', { sign: 'empty' }]
  ];
  for (const [title, fault] of forgeries) {
    faultTest(
      title,
      async (world) => {
        await paidThrough(world, fault);
        expect(await world.tasks()).toEqual(['alarm']);
      },
      easy
    );
  }

  faultTest('#16 and a forged "paid" of an unpaid order never becomes one', async (world) => {
    world.shopper({ kind: 'never' });
    world.fake.always(query, { sign: 'wrong_key', data: { trans_status: '"2"' } });
    const { id } = await world.pay();
    await world.fake.arrival(query, 4);
    expect((await world.attempt(id)).state).not.toBe('succeeded');
    world.fake.heal();
    expect((await world.ended(id)).state).toBe('cancelled');
  });

  const crossings: [string, (world: World) => Promise<Fault>][] = [
    [
      '#18 the validly signed answer about another, paid order',
      async (world) => {
        const other = await world.ended((await world.pay()).id);
        return { answerOf: () => other.merchant_order_no };
      }
    ],
    ['#18 an answer without a number', async () => ({ data: { merchant_order_no: null } })],
    ['#18 another attempt’s mark', async () => ({ data: { attach: '"somebody else"' } })],
    ['#18 another merchant', async () => ({ data: { merchant_no: '"999"' } })],
    ['#19 another amount', async () => ({ data: { order_amount: '"9.01"' } })],
    ['#19 another currency', async () => ({ data: { price_currency: '"EUR"' } })],
    ['#19 no amount', async () => ({ data: { order_amount: null } })],
    ['#19 no currency', async () => ({ data: { price_currency: null } })]
  ];
  for (const [title, make] of crossings) {
    faultTest(`${title} never makes a payment paid, and raises a task`, async (world) => {
      const crossed = await make(world);
      world.shopper({ kind: 'never' });
      world.fake.always(query, { ...crossed, data: { trans_status: '"2"', ...crossed.data } });
      const { id } = await world.pay();
      const before = world.fake.count(query);
      await world.fake.arrival(query, before + 4);
      expect((await world.attempt(id)).state).not.toMatch(/succeeded|failed|cancelled/);
      expect(await world.tasks()).toContain('mismatch');
      world.fake.heal();
      expect((await world.ended(id)).state).toBe('cancelled');
    });
  }

  faultTest(
    '#19 a refund’s answer about another amount never ends it',
    async (world) => {
      const row = await world.ended((await world.pay()).id);
      world.fake.always('order.refund.query', { data: { order_amount: '"9.00"' } });
      const refund = await world.giveBack(row.id, 290);
      if (!refund.ok) throw new Error(refund.detail);
      await world.fake.arrival('order.refund.query', 3);
      expect((await world.refund(refund.row.id)).state).not.toMatch(/succeeded|failed/);
      world.fake.heal();
      expect((await world.refundEnded(refund.row.id)).state).toBe('succeeded');
      expect(await world.tasks()).toContain('mismatch');
    },
    easy
  );
});

describe('an answer of a shape that nobody knows', () => {
  const shapes: [string, Fault][] = [
    ['no status', { data: { trans_status: null } }],
    ['a new status', { data: { trans_status: '"7"' } }],
    ['a status that is empty', { data: { trans_status: '""' } }],
    ['a status that is true', { data: { trans_status: 'true' } }],
    ['a status inside a list', { data: { trans_status: '["2"]' } }],
    ['a status that is null', { data: { trans_status: 'null' } }],
    ['an amount that is a word', { data: { order_amount: '"nine"' } }],
    ['an amount with too many decimals', { data: { order_amount: '"9.001"' } }],
    ['a negative amount', { data: { order_amount: '"-9.00"' } }]
  ];
  for (const [name, fault] of shapes) {
    faultTest(
      `#15 ${name} keeps the payment open and raises an alarm`,
      async (world) => {
        await paidThrough(world, fault);
        expect(await world.tasks()).toContain('alarm');
      },
      easy
    );
  }

  test('#15 whatever the status says but 9, 0, 1, 2 and 3, nothing ends and nothing breaks', async () => {
    const world = await openWorld();
    try {
      world.shopper({ kind: 'never' });
      const { id, merchant_order_no: number } = await world.pay();
      await world.fake.arrival('bscanc.pay.submit');
      const known = ['9', '0', '1', '2', '3'];
      await fc.assert(
        fc.asyncProperty(
          fc.json().filter((source) => !known.includes(source.replaceAll('"', ''))),
          async (source) => {
            world.fake.always(query, { data: { trans_status: source } });
            const answer = await world.gateway.queryPayment({ merchantOrderNo: number });
            expect(answer).toMatchObject({ kind: 'fault', fault: 'odd_shape' });
            expect((await world.attempt(id)).state).not.toMatch(/succeeded|failed|cancelled$/);
          }
        ),
        { numRuns: 60 }
      );
      await world.settle();
    } finally {
      await world.close();
    }
  });
});

describe('numbers', () => {
  faultTest('#20 less paid than asked is paid, and the offer is kept', async (world) => {
    world.fake.book.rules.discountMinor = 120;
    const row = await world.ended((await world.pay()).id);
    expect(row).toMatchObject({
      state: 'succeeded',
      amount_minor: 900,
      paid_minor: 780,
      offer_by_channel_minor: 120
    });
  });

  const writings = ['9', '9.0', '9.00', '9.000', '"9"', '"9.0"', '"9.000"', '900e-2', '0.9e1', '9E0'];
  for (const writing of writings) {
    for (const asObject of [false, true]) {
      const where = asObject ? 'in an object' : 'in a text';
      faultTest(
        `#21 an amount written ${writing} ${where} is verified as sent and read as 9.00, or not believed`,
        async (world) => {
          world.fake.always(query, { data: { order_amount: writing }, ...(asObject ? { asObject } : {}) });
          const { id } = await world.pay();
          await world.until('an end, or two looks', async () => {
            const { state } = await world.attempt(id);
            return state === 'succeeded' || world.fake.count(query) >= 2;
          });
          const row = await world.attempt(id);
          expect(row.amount_minor).toBe(900);
          expect(row.state).not.toMatch(/failed|cancelled/);
          // Nothing of it may look like a forgery: the text was signed as it stands.
          const methods: Method[] = [query];
          const faults = world.logged.filter((entry) => isGatewayFault(entry, methods));
          expect(faults).not.toContainEqual(expect.objectContaining({ fault: 'bad_signature' }));
        }
      );
    }
  }
});

function isGatewayFault(entry: unknown, methods: readonly string[]): boolean {
  return (
    typeof entry === 'object' &&
    entry !== null &&
    'fault' in entry &&
    'method' in entry &&
    methods.includes(String(entry.method))
  );
}
