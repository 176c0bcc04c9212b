import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { AttemptView } from '$lib/wire/payments';
import { attemptViewSchema } from '$lib/wire/payments';
import { refundViewSchema } from '$lib/wire/refunds';
import * as v from 'valibot';
import { openEngine, seen, start, type Engine } from './engine.fixture';
import type { AttemptRow } from './parts';
import { viewAttempt, viewRefund } from './views';

let engine: Engine;
let row: AttemptRow;

beforeEach(async () => {
  engine = await openEngine();
  row = await engine.pay();
});

afterEach(() => engine.ledger.close());

function view(over: Partial<AttemptRow>, ageMs: number): AttemptView {
  return viewAttempt({ row: { ...row, ...over }, now: start + ageMs, timing: engine.parts.timing });
}

describe('a view of an attempt', () => {
  test('has the shape that goes over the wire', () => {
    expect(v.is(attemptViewSchema, view({}, 0))).toBe(true);
  });

  test.each([
    ['submitted', 0, 60_000],
    ['paying', 45_000, 15_000],
    ['paying', 70_000, 0],
    ['unknown', 10_000, null],
    ['cancelling', 61_000, null],
    ['succeeded', 5000, null]
  ] as const)('in %s at %i ms shows that the shopper has %s ms', (state, age, has) => {
    expect(view({ state }, age).shopperHasMs).toBe(has);
  });

  test('counts down to the moment at which a wished stop may be carried out', () => {
    const wished = { state: 'paying', stop_requested_at_ms: start + 2000 } as const;
    expect(view({ state: 'paying' }, 2000).stopInMs).toBeNull();
    expect(view(wished, 2000)).toMatchObject({ stopInMs: 13_000, shopperHasMs: null });
    expect(view(wished, 20_000).stopInMs).toBe(0);
    expect(view({ ...wished, state: 'cancelling' }, 16_000).stopInMs).toBe(0);
    expect(view({ ...wished, state: 'cancelled' }, 17_000).stopInMs).toBeNull();
  });

  test.each([
    ['paying', 59_999, 'counter'],
    ['unknown', 60_000, 'desk'],
    ['cancelling', 119_999, 'counter'],
    ['cancelling', 120_000, 'desk'],
    ['failed', 90_000, 'ended'],
    ['paid_late', 90_000, 'ended']
  ] as const)('in %s at %i ms is at the %s', (state, age, place) => {
    expect(view({ state }, age).place).toBe(place);
  });

  test.each([
    ['cancelled', null, null, 'try_again'],
    ['void', null, null, 'try_again'],
    ['failed', 'not_sent', null, 'check_internet'],
    ['failed', 'not_received', null, 'try_again'],
    ['failed', 'refused', 'E10007', 'fresh_code'],
    ['failed', 'declined', 'NEVER_SEEN', 'other'],
    ['failed', 'declined', null, 'try_again'],
    ['paying', null, 'E10007', null],
    ['succeeded', null, null, null]
  ] as const)('in %s (%s, %s) offers the remedy %s', (state, reason, code, remedy) => {
    expect(view({ state, fail_reason: reason, error_code: code }, 1000).remedy).toBe(remedy);
  });

  test('that is being asked about counts down to the question after this one', () => {
    const asked = { state: 'unknown', next_due_at_ms: start + 10_000, lease_owner: 'a worker' } as const;
    expect(view(asked, 10_200).nextAskInMs).toBe(4800);
    expect(view({ ...asked, lease_owner: null }, 10_200).nextAskInMs).toBe(0);
    expect(view({ ...asked, state: 'failed', next_due_at_ms: null }, 10_200).nextAskInMs).toBeNull();
  });

  test('never shows a time below zero, also where a clock was set back', () => {
    const early = view({ state: 'submitted' }, -5000);
    expect(early.ageMs).toBe(0);
    expect(early.shopperHasMs).toBe(60_000);
    expect(view({ next_due_at_ms: start }, 1000).nextAskInMs).toBe(0);
  });
});

test('a view of a refund has the shape that goes over the wire, and no next question once it ended', async () => {
  engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'succeeded');
  engine.pass(5000);
  await engine.turn();
  const refund = await engine.giveBack(row.id, 100);
  if (!refund.ok) throw new Error(refund.detail);
  const now = engine.clock.nowMs;
  const open = viewRefund({ row: refund.row, now });
  expect(v.is(refundViewSchema, open)).toBe(true);
  expect(open.nextAskInMs).toBe(0);
  expect(viewRefund({ row: { ...refund.row, state: 'failed' }, now }).nextAskInMs).toBeNull();
});
