import { beforeEach, expect, test } from 'vitest';
import type { ApiResult } from '$lib/register/office-api';
import type { ProblemCode } from '$lib/wire/problems';
import type { PayRefundInCash, RefundView } from '$lib/wire/refunds';
import { CashBack } from './cash-back.svelte';
import { payableInCash } from './refund-choice';

const failed = {
  refundId: 'refund-1',
  attemptId: 'attempt-1',
  state: 'failed',
  amountMinor: 400,
  currency: 'EUR',
  givenBackMinor: null,
  paidInCash: null
} as unknown as RefundView;
const paid = { ...failed, paidInCash: { by: 'Ada', at: '' } };
const noAnswer: ApiResult<never> = { ok: false, problem: null, status: null, offline: true };

let asked: PayRefundInCash[];
let answers: ApiResult<RefundView>[];
let heard: (RefundView | 'refused')[];
let cash: CashBack;

function refused(code: ProblemCode): ApiResult<never> {
  const problem = { type: '', title: '', status: 409, code, detail: `because of ${code}` };
  return { ok: false, problem, status: 409, offline: false };
}

beforeEach(() => {
  asked = [];
  answers = [];
  heard = [];
  let ids = 0;
  cash = new CashBack({
    api: {
      proofFor: async () => ({ ok: true, value: 'password' }),
      payRefundInCash: async (_, request) => {
        asked.push(request);
        return answers.shift() ?? { ok: true, value: paid };
      }
    },
    heard: (answer) => answer,
    newId: () => `cash-${(ids += 1)}`,
    onpaid: (refund) => heard.push(refund),
    onrefused: () => heard.push('refused')
  });
});

test('cash whose answer was lost keeps its id, also where the dialog was closed since', async () => {
  answers = [noAnswer];
  cash.confirm(failed);
  await cash.send({ password: 'right' });
  expect(cash.confirming).toEqual({ kind: 'unanswered' });
  cash.notNow();
  expect(cash.confirming).toBeNull();
  cash.confirm(failed);
  await cash.send({ password: 'right' });
  expect(asked.map(({ cashId }) => cashId)).toEqual(['cash-1', 'cash-1']);
  expect(asked[0]).toMatchObject({ amountMinor: 400, currency: 'EUR', password: 'right' });
  expect(heard).toEqual([paid]);
});

test('two presses send one payout, and nothing is shown as paid before the server has said so', async () => {
  cash.confirm(failed);
  const presses = [cash.send({ password: 'right' }), cash.send({ password: 'right' })];
  expect(heard).toEqual([]);
  await Promise.all(presses);
  expect(heard).toEqual([paid]);
  expect(asked).toHaveLength(1);
});

test('a wrong password asks again, and a refusal is said and looks at the order again', async () => {
  answers = [refused('wrong_password'), refused('refund_in_flight')];
  cash.confirm(failed);
  await cash.send({ password: 'wrong' });
  expect(cash.confirming?.kind).toBe('wrong_password');
  await cash.send({ password: 'right' });
  expect(cash.confirming).toEqual({ kind: 'refused', detail: 'because of refund_in_flight' });
  expect(heard).toEqual(['refused']);
});

test('only the last refund of a payment is offered, and only where it failed and the money is still here', () => {
  const attempt = { attemptId: 'attempt-1', state: 'succeeded', amountMinor: 900 };
  const offered = (...refunds: Partial<RefundView>[]) =>
    payableInCash({
      attempts: [attempt],
      refunds: refunds.map((over, index) => ({ ...failed, refundId: `refund-${index}`, ...over }))
    } as unknown as Parameters<typeof payableInCash>[0])?.refundId ?? null;
  expect(offered({})).toBe('refund-0');
  expect(offered({}, {})).toBe('refund-1');
  for (const state of [
    'intent',
    'submitted',
    'unknown',
    'waiting_funds',
    'refunding',
    'succeeded'
  ] as const) {
    expect(offered({ state }), state).toBeNull();
    expect(offered({}, { state }), `then ${state}`).toBeNull();
  }
  expect(offered({ paidInCash: { by: 'Ada', at: '' } })).toBeNull();
  expect(offered({ givenBackMinor: 400 })).toBeNull();
  expect(offered({ state: 'succeeded', amountMinor: 600 }, {})).toBeNull();
});

test.each([
  ['storage_failed', 503, 'not_saved'],
  ['server_error', 500, 'unanswered']
] as const)('%s is no “no”: the next press is the same payout', async (code, status, kind) => {
  const problem = { type: '', title: '', status, code, detail: '' };
  answers = [{ ok: false, problem, status, offline: false }];
  cash.confirm(failed);
  await cash.send({ password: 'right' });
  expect(cash.confirming).toEqual({ kind });
  await cash.send({ password: 'right' });
  expect(asked.map(({ cashId }) => cashId)).toEqual(['cash-1', 'cash-1']);
  expect(heard).toEqual([paid]);
});
