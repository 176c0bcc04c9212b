import { beforeAll, describe, expect, test } from 'vitest';
import { openRefundStates, type RefundState } from '$lib/payment/states';
import type { RefundVerdict } from './belief';
import { afterRefundQuery, nextRefundDue, refundMayBeSent } from './decide-refund';
import { fault, openEngine, refundSeen, seen, start } from './engine.fixture';
import type { RefundRow } from './parts';
import { createTiming } from './timing';

const timing = createTiming({ timeScale: 1, callTimeoutMs: 10_000 });
const { evidence } = fault('timeout');
const notFound: RefundVerdict = { says: 'not_found' };
const nothing: RefundVerdict = { says: 'nothing', reachable: false, alarm: null };
let fresh: RefundRow;

beforeAll(async () => {
  const engine = await openEngine();
  const row = await engine.pay();
  engine.gateway.queryPayment = async ({ merchantOrderNo }) => seen(merchantOrderNo, 'succeeded');
  engine.pass(5000);
  await engine.turn();
  const result = await engine.giveBack(row.id, 100);
  if (!result.ok) throw new Error(result.detail);
  fresh = result.row;
  await engine.ledger.close();
});

function refund(over: Partial<RefundRow>): RefundRow {
  return { ...fresh, submitted_at_ms: start, ...over };
}

function mayBeSent(over: Partial<RefundRow>, verdict: RefundVerdict | null, at = start): boolean {
  const row = refund(over);
  return refundMayBeSent({ row, verdict, askedAtMs: at, timing });
}

function heard(over: Partial<RefundRow>, verdict: RefundVerdict, at = start) {
  const row = refund(over);
  return afterRefundQuery({ row, verdict, evidence, askedAtMs: at, now: at, timing });
}

describe("a refund's number", () => {
  test('goes out once before any question, and never while it is on its way or ended', () => {
    expect(mayBeSent({ state: 'intent' }, null)).toBe(true);
    for (const state of ['submitted', 'refunding', 'succeeded', 'failed'] as const) {
      expect(mayBeSent({ state, first_not_found_at_ms: 0 }, notFound)).toBe(false);
    }
  });

  test('goes out again after two "not found" 60 s apart, and after nothing less', () => {
    const doubt = { state: 'unknown', first_not_found_at_ms: start } as const;
    expect(mayBeSent(doubt, notFound, start + 60_000)).toBe(true);
    expect(mayBeSent(doubt, notFound, start + 59_999)).toBe(false);
    expect(mayBeSent(doubt, nothing, start + 60_000)).toBe(false);
    expect(mayBeSent(doubt, null, start + 60_000)).toBe(false);
    expect(mayBeSent({ state: 'unknown', first_not_found_at_ms: null }, notFound, start + 60_000)).toBe(
      false
    );
  });

  test('that waits for funds goes out again by the same proof', () => {
    const waiting = { state: 'waiting_funds', first_not_found_at_ms: start } as const;
    expect(mayBeSent(waiting, notFound, start + 60_000)).toBe(true);
    expect(mayBeSent(waiting, notFound, start + 59_999)).toBe(false);
    expect(mayBeSent(waiting, nothing, start + 60_000)).toBe(false);
    expect(mayBeSent({ state: 'waiting_funds', first_not_found_at_ms: null }, notFound)).toBe(false);
  });
});

describe('a refund', () => {
  test('ends only by a query that says so', () => {
    const { value: facts } = refundSeen('x', 'succeeded');
    expect(heard({ state: 'refunding' }, { says: 'refunded', facts })?.event?.type).toBe('proven_refunded');
    expect(heard({ state: 'refunding' }, { says: 'closed', facts })?.event?.type).toBe('proven_failed');
    for (const verdict of [notFound, nothing, { says: 'refunding', facts } as const]) {
      const event = heard({ state: 'refunding' }, verdict)?.event?.type ?? null;
      expect([null, 'seen_refunding']).toContain(event);
    }
  });

  test('is not called missing by a question that was asked before its number left', () => {
    expect(heard({ state: 'submitted', first_not_found_at_ms: null }, notFound, start - 1)).toBeNull();
    expect(heard({ state: 'unknown', refusal: 'not_created' }, notFound, start - 1)).toBeNull();
    expect(heard({ state: 'unknown', refusal: 'balance' }, notFound, start - 1)).toBeNull();
  });

  test('keeps the first of its "not found", and forgets it when it is found', () => {
    const { value: facts } = refundSeen('x', 'paying');
    expect(
      heard({ state: 'unknown', first_not_found_at_ms: start }, notFound)?.set.first_not_found_at_ms
    ).toBe(start);
    expect(
      heard({ state: 'unknown', first_not_found_at_ms: 7 }, { says: 'refunding', facts })?.set
        .first_not_found_at_ms
    ).toBeNull();
  });

  test('is always due again while it is open, later than now', () => {
    for (const state of openRefundStates) {
      for (const age of [0, 59_000, 61_000, 3_600_000]) {
        const now = start + age;
        const due = nextRefundDue(refund({ state, first_not_found_at_ms: start }), now, timing);
        expect(due).toBeGreaterThan(now);
      }
    }
    const ended: RefundState[] = ['succeeded', 'failed'];
    for (const state of ended) expect(nextRefundDue(refund({ state }), start, timing)).toBeNull();
  });
});
