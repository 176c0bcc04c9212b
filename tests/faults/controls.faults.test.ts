/**
 * Negative controls: each guard is switched off, by standing between the engine and its gateway or ledger, and the checks
 * must see it. A check that is never seen to fail proves nothing.
 */
import { sql } from 'kysely';
import { describe, expect, test } from 'vitest';
import type { Answer, Gateway, PaymentFacts } from '$lib/server/gateway/port';
import { queryAttempt } from '$lib/server/payments/ask-attempt';
import { changeAttempt } from '$lib/server/payments/change-attempt';
import { openEngine, seen } from '$lib/server/payments/engine.fixture';
import { requestPayment } from '$lib/server/payments/request-payment';
import { requestRefund } from '$lib/server/payments/request-refund';
import { newId, orderEvents, paymentRequest, sender } from '$lib/server/payments/shop.fixture';
import { submitOnce } from '$lib/server/payments/submit';
import { receiveWebhook } from '$lib/server/payments/webhook';
import { blindTo, showing } from './guard-off';
import { pictureOf, violationsOf } from './invariants';
import { simulate, type Sabotage } from './simulation';
import { notificationOf } from './sim-gateway';
import { openVirtualShop, type VirtualShop } from './virtual-shop';

/** The first seed at which the sabotage is seen, and by which sentence. */
async function seenBy(sabotage: Sabotage, seeds = 150): Promise<string> {
  for (let seed = 1; seed <= seeds; seed += 1) {
    const { violations } = await simulate({ seed, sabotage });
    const [first] = violations;
    if (first !== undefined) return first;
  }
  return 'never seen';
}

function queried(
  gateway: Gateway,
  change: (
    answer: Answer<PaymentFacts>,
    number: string
  ) => Answer<PaymentFacts> | Promise<Answer<PaymentFacts>>
): Gateway {
  return {
    ...gateway,
    queryPayment: async (of) => change(await gateway.queryPayment(of), of.merchantOrderNo)
  };
}

const nobody: PaymentFacts = {
  status: 'closed',
  merchantOrderNo: null,
  currency: null,
  orderAmountMinor: null,
  merchantNo: null,
  appId: null,
  attach: null,
  transNo: null,
  payChannelTransNo: null,
  payPlatformTransNo: null,
  refNo: null,
  payMethodId: null,
  payUserAccountId: null,
  paidAmountMinor: null,
  transAmountMinor: null,
  discountByMerchantMinor: null,
  discountByChannelMinor: null,
  transEndTime: null,
  errorCode: null,
  errorMessage: null
};

describe('with this guard off, the simulation finds it:', () => {
  const controls: readonly (readonly [guard: string, seen: RegExp, sabotage: Sabotage])[] = [
    [
      'a submit is sent once in its life (#2)',
      /^I2: .* was submitted 2 times/,
      {
        weather: { lostAnswer: 0.5 },
        gateway: (gateway) => ({
          ...gateway,
          async submitPayment(asked) {
            const first = await gateway.submitPayment(asked);
            return first.kind === 'fault' ? gateway.submitPayment(asked) : first;
          }
        })
      }
    ],
    [
      'an answer must be about this number, amount, currency and attempt (#18 #19)',
      /^I7: .* is told as succeeded, and the wallet has not paid/,
      {
        weather: { crossed: 0.5 },
        gateway: (gateway) =>
          queried(gateway, (answer, number) =>
            answer.kind === 'answered'
              ? {
                  ...answer,
                  value: {
                    ...answer.value,
                    merchantOrderNo: number,
                    orderAmountMinor: 900,
                    currency: 'USD',
                    attach: null,
                    merchantNo: null
                  }
                }
              : answer
          )
      }
    ],
    [
      'an answer must be signed (#16 #17)',
      /^I7: .* is told as succeeded, and the wallet has not paid/,
      {
        weather: { oddAnswer: 0.5 },
        gateway: (gateway) =>
          queried(gateway, (answer, number) =>
            answer.kind === 'fault' && answer.fault === 'bad_signature'
              ? {
                  kind: 'answered',
                  codeClass: 'ok',
                  evidence: answer.evidence,
                  value: {
                    ...nobody,
                    status: 'succeeded',
                    merchantOrderNo: number,
                    currency: 'USD',
                    orderAmountMinor: 900
                  }
                }
              : answer
          )
      }
    ],
    [
      'a failed check is no failed payment (#1 #13)',
      /^I7: .* is told as failed, and (the wallet has paid|paid afterwards)|^I7: .* was told as failed/,
      {
        weather: { lostAnswer: 0.3 },
        gateway: (gateway) =>
          queried(gateway, (answer, number) =>
            answer.kind === 'fault'
              ? {
                  kind: 'answered',
                  codeClass: 'ok',
                  evidence: answer.evidence,
                  value: { ...nobody, merchantOrderNo: number }
                }
              : answer
          )
      }
    ],
    [
      'after a cancel was taken no "paid" is believed (#11)',
      /^I7: .* is told as succeeded, and the wallet has not paid/,
      {
        weather: { staleMs: 20_000 },
        gateway: (gateway) => ({
          ...gateway,
          async cancelPayment(of) {
            const answer = await gateway.cancelPayment(of);
            return answer.kind === 'answered'
              ? { kind: 'refused', codeClass: 'final_refused', evidence: answer.evidence }
              : answer;
          }
        })
      }
    ],
    [
      '"not found" proves nothing soon after a submit (#3)',
      /^I7: .* was told as failed, and paid afterwards|^I7: .* is told as failed, and the wallet has paid/,
      {
        weather: { lateRequest: 0.5, notFoundMs: 8000 },
        timing: (timing) => ({
          ...timing,
          notFoundCountsFromMs: 0,
          cancelNotBeforeMs: 15_000,
          counterMs: 15_000
        })
      }
    ],
    [
      'no cancel sooner than 15 s (#7)',
      /^I7: a cancel of .* left \d+ ms after its submit/,
      { timing: (timing) => ({ ...timing, cancelNotBeforeMs: 0 }) }
    ],
    [
      'a refund keeps its number (#61)',
      /^I1: refund|^I8: refund|^I4/,
      {
        weather: { lostAnswer: 0.4 },
        gateway: (gateway) => {
          let sent = 0;
          return {
            ...gateway,
            submitRefund(asked) {
              sent += 1;
              return gateway.submitRefund({ ...asked, merchantOrderNo: `${asked.merchantOrderNo}.${sent}` });
            }
          };
        }
      }
    ],
    [
      'the worker never gives up (#64)',
      /^I6: attempt .* is still/,
      {
        weather: { lostRequest: 0.9 },
        timing: (timing) => ({
          ...timing,
          deskAgesMs: [],
          hourlyMs: Number.MAX_SAFE_INTEGER / 4,
          counterGapMs: Number.MAX_SAFE_INTEGER / 4,
          cancelAgainMs: Number.MAX_SAFE_INTEGER / 4,
          leaseMs: Number.MAX_SAFE_INTEGER / 4,
          counterMs: 0
        })
      }
    ],
    [
      'a cancel without an answer keeps success provisional (#8 #10)',
      /^I7: .* is told as succeeded, and the wallet has not paid|^I8: .* is 900 \(succeeded\) in the ledger, 0 in the book/,
      {
        weather: { lateRequest: 0.6 },
        gateway: (gateway) => ({
          ...gateway,
          async cancelPayment(of) {
            const answer = await gateway.cancelPayment(of);
            return answer.kind === 'fault'
              ? { kind: 'refused', codeClass: 'final_refused', evidence: answer.evidence }
              : answer;
          }
        })
      }
    ],
    [
      'a commit is on the disk before anything is sent (#36)',
      /^I1: .* which the ledger does not know|^broken|^I1: .* left before its commit/,
      {
        gateway: (gateway, { ledger }) => ({
          ...gateway,
          async submitPayment(asked) {
            const answer = await gateway.submitPayment(asked);
            // The power goes, and with it the row that was only in memory.
            await ledger.db
              .deleteFrom('attempts')
              .where('merchant_order_no', '=', asked.merchantOrderNo)
              .execute();
            return answer;
          }
        })
      }
    ]
  ];
  for (const [guard, seen, sabotage] of controls) {
    test(guard, async () => {
      expect(await seenBy(sabotage)).toMatch(seen);
    });
  }
});

async function foundIn({ ledger, book }: VirtualShop): Promise<string[]> {
  const found = violationsOf({ picture: await pictureOf(ledger), book, quiet: false });
  await ledger.close();
  return found;
}

describe('with this guard off, the invariants find it:', () => {
  test('one open attempt per order (#55)', async () => {
    const shop = await openVirtualShop();
    shop.shopper({ kind: 'never' });
    await sql`DROP INDEX attempts_one_open`.execute(shop.ledger.db);
    const parts = { ...shop.process.parts, ledger: blindTo(shop.ledger, 'attempts') };
    const order = orderEvents();
    for (const _register of ['one', 'two']) {
      const request = paymentRequest({ ends: '00', order });
      expect(await requestPayment({ parts, sender, request })).toMatchObject({ ok: true });
    }
    const picture = await pictureOf(shop.ledger);
    const found = violationsOf({ picture, book: shop.book, quiet: false });
    expect(found).toContainEqual(expect.stringMatching(/^I2: order .* has two open attempts/));
    await shop.ledger.close();
  });

  test('one refund on its way, and no more than was paid (#59 #60)', async () => {
    const shop = await openVirtualShop();
    const { id } = await shop.pay();
    await shop.pass(10_000);
    await sql`DROP INDEX refunds_one_open`.execute(shop.ledger.db);
    const parts = { ...shop.process.parts, ledger: blindTo(shop.ledger, 'refunds') };
    for (const _admin of ['one', 'two']) {
      const result = await requestRefund({
        parts,
        staff: { staffId: 'admin', staffName: 'Ada Okafor' },
        request: {
          refundId: newId(),
          attemptId: id,
          amountMinor: 900,
          currency: 'USD',
          reason: 'Broken',
          lines: []
        }
      });
      expect(result).toMatchObject({ ok: true });
    }
    const found = violationsOf({ picture: await pictureOf(shop.ledger), book: shop.book, quiet: false });
    expect(found).toContainEqual(expect.stringMatching(/^I4: 1800 are being given back of 900/));
    expect(found).toContainEqual(expect.stringMatching(/^I4: 2 refunds .* on their way at once/));
    await shop.ledger.close();
  });

  test('each change is audited (I10)', async () => {
    const shop = await openVirtualShop();
    await sql`CREATE TRIGGER unaudited BEFORE INSERT ON events BEGIN SELECT RAISE(IGNORE); END`.execute(
      shop.ledger.db
    );
    await shop.pay();
    await shop.pass(1000);
    expect(await foundIn(shop)).toContainEqual(expect.stringMatching(/^I10: attempt:/));
  });

  test('a webhook moves no state (#22)', async () => {
    const shop = await openVirtualShop();
    shop.shopper({ kind: 'never' });
    const row = await shop.pay();
    await shop.pass(1000);
    shop.book.pay(row.merchant_order_no);
    const { parts } = shop.process;
    // A door that believes what it is told.
    const rawBody = notificationOf(shop.book, row.merchant_order_no);
    const read = parts.gateway.parseNotification({ rawBody, contentType: null });
    if (!read.ok) throw new Error(read.reason);
    expect(read.notification.status).toBe('succeeded');
    await receiveWebhook({ parts, rawBody, contentType: null });
    await changeAttempt({
      parts,
      id: row.id,
      actor: 'webhook',
      decide: () => ({ event: { type: 'proven_paid' }, set: {} })
    });
    expect(await foundIn(shop)).toContainEqual(
      expect.stringMatching(/^I3: .* ended \(proven_paid\) without a query's answer/)
    );
  });

  test('an end needs a query (#14)', async () => {
    let submitted: Answer<PaymentFacts> | null = null;
    const shop = await openVirtualShop({
      gateway: (gateway) => ({
        ...gateway,
        async submitPayment(asked) {
          submitted = await gateway.submitPayment(asked);
          return submitted;
        },
        // Nobody asks: what the submit said is taken for the answer, and what it leaves out is filled in.
        async queryPayment({ merchantOrderNo }) {
          if (submitted?.kind !== 'answered') throw new Error('the submit was not answered');
          const facts = { merchantOrderNo, currency: 'USD', orderAmountMinor: 900 };
          return { ...submitted, value: { ...submitted.value, ...facts } };
        }
      })
    });
    await shop.pay();
    await shop.pass(7000);
    expect(await foundIn(shop)).toContainEqual(
      expect.stringMatching(/^I3: .* ended \(proven_paid\) without a query's answer/)
    );
  });

  test('an end never opens again (#26)', async () => {
    const shop = await openVirtualShop();
    const row = await shop.pay();
    await shop.pass(7000);
    expect((await shop.attempt(row.id)).state).toBe('succeeded');
    // A stale read, and an engine that does not see that the payment has ended.
    const { parts } = shop.process;
    const ledger = showing(shop.ledger, 'attempts', { state: 'unknown' });
    const gateway = queried(parts.gateway, (answer) =>
      answer.kind === 'answered' ? { ...answer, value: { ...answer.value, status: 'paying' } } : answer
    );
    const asking = queryAttempt({ ...parts, ledger, gateway }, row);
    await shop.pass(1000);
    await asking;
    expect((await shop.attempt(row.id)).state).toBe('paying');
    expect(await foundIn(shop)).toContainEqual(
      expect.stringMatching(/^I3: attempt .* was succeeded, the event "seen_paying" says unknown/)
    );
  });
});

test('with this guard off, it is sent: what was committed, and then slept (#45)', async () => {
  const engine = await openEngine();
  const parts = {
    ...engine.parts,
    timing: { ...engine.parts.timing, sendWithinMs: Number.MAX_SAFE_INTEGER }
  };
  const request = paymentRequest({ ends: '00' });
  const result = await requestPayment({ parts, sender, request });
  if (!result.ok) throw new Error(result.detail);
  const asleep = { ...parts, wake: () => engine.pass(240_000) };
  await submitOnce({ parts: asleep, row: result.row, paymentCode: request.paymentCode, description: 'x' });
  expect(engine.calls).toEqual(['submitPayment']);
  await engine.ledger.close();
});

test('with this guard off, two reads at once make late money: that they lie apart (#11)', async () => {
  const engine = await openEngine();
  const parts = { ...engine.parts, timing: { ...engine.parts.timing, lateReadsApartMs: 0 } };
  const row = await engine.pay();
  engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'cancelled');
  await queryAttempt(parts, row);
  engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'succeeded');
  for (const _read of ['one', 'two']) await queryAttempt(parts, row);
  expect((await engine.attempt(row.id)).state).toBe('paid_late');
  await engine.ledger.close();
});
