import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { nextAttemptState } from '$lib/payment/states';
import type { Answer, CallFault, CodeClass, Evidence, PaymentFacts } from '../gateway/port';
import { readPaymentQuery, type PaymentVerdict } from './belief';
import type { AttemptChange } from './change-attempt';
import { afterQuery, afterSubmit } from './decide-attempt';
import type { AttemptRow } from './parts';
import { createTiming } from './timing';
import { cancelIsDue, nextDue } from './when-due';

const timing = createTiming({ timeScale: 1, callTimeoutMs: 10_000 });
const start = 1_795_437_296_000;
const identity = { appId: 'app', merchantNo: '312' };

const evidence: Evidence = {
  method: 'order.query',
  psn: 'p1',
  code: '0',
  message: null,
  rawSha256: null,
  httpStatus: 200,
  gatewayDate: null,
  durationMs: 5
};

function attemptRow(over: Partial<AttemptRow> = {}): AttemptRow {
  return {
    id: 'a'.repeat(32),
    order_id: 'o',
    order_revision: 3,
    merchant_order_no: 'T1',
    register_id: 'r',
    staff_id: 's',
    amount_minor: 900,
    currency: 'USD',
    state: 'submitted',
    fail_reason: null,
    version: 2,
    request_digest: '',
    code_digest: '',
    code_last4: '0000',
    code_seen_before: 0,
    created_at_ms: start,
    submitted_at_ms: start,
    submit_answered_at_ms: null,
    submit_refusal: null,
    stop_requested_at_ms: null,
    stop_requested_by: null,
    cancel_standing: 'none',
    cancel_answered_at_ms: null,
    success_seen_at_ms: null,
    set_aside_at_ms: null,
    late_confirmed_at_ms: null,
    not_found_late: 0,
    late_seen_at_ms: null,
    next_due_at_ms: null,
    ask_wanted_at_ms: null,
    lease_owner: null,
    lease_until_ms: null,
    last_asked_at_ms: null,
    gateway_reachable: 1,
    ended_at_ms: null,
    trans_no: null,
    pay_channel_trans_no: null,
    pay_platform_trans_no: null,
    ref_no: null,
    wallet: null,
    paid_minor: null,
    offer_by_merchant_minor: 0,
    offer_by_channel_minor: 0,
    error_code: null,
    error_text: null,
    psn: null,
    ...over
  };
}

function facts(over: Partial<PaymentFacts> = {}): PaymentFacts {
  return {
    status: 'succeeded',
    merchantOrderNo: 'T1',
    currency: 'USD',
    orderAmountMinor: 900,
    merchantNo: null,
    appId: null,
    attach: null,
    transNo: '2120',
    payChannelTransNo: null,
    payPlatformTransNo: null,
    refNo: null,
    payMethodId: 'Alipay',
    payUserAccountId: null,
    paidAmountMinor: 900,
    transAmountMinor: 900,
    discountByMerchantMinor: null,
    discountByChannelMinor: null,
    transEndTime: null,
    errorCode: null,
    errorMessage: null,
    ...over
  };
}

function answered(over: Partial<PaymentFacts> = {}): Answer<PaymentFacts> {
  return { kind: 'answered', codeClass: 'ok', value: facts(over), evidence };
}

function refused(codeClass: Exclude<CodeClass, 'ok'>): Answer<PaymentFacts> {
  return { kind: 'refused', codeClass, evidence };
}

function fault(name: CallFault): Answer<PaymentFacts> {
  return { kind: 'fault', fault: name, evidence };
}

function read(row: AttemptRow, answer: Answer<PaymentFacts>): PaymentVerdict {
  return readPaymentQuery(
    { id: row.id, merchantOrderNo: 'T1', amountMinor: row.amount_minor, currency: row.currency, identity },
    answer
  );
}

/** The row after a query's answer, as the ledger would write it. */
function asked(
  row: AttemptRow,
  answer: Answer<PaymentFacts>,
  atMs: number,
  beganMs = atMs,
  cancelLost = false,
  /** By the monotonic clock; else as the wall clock says. */
  { knownForMs = Infinity, suspectedForMs = Infinity } = {}
): AttemptRow {
  const verdict = read(row, answer);
  return apply(
    row,
    afterQuery({
      row,
      verdict,
      evidence,
      askedAtMs: beganMs,
      knownForMs,
      suspectedForMs,
      cancelLost,
      cancelAccepted: row.cancel_standing === 'accepted',
      now: atMs,
      timing
    })
  );
}

function apply(row: AttemptRow, change: AttemptChange | null): AttemptRow {
  if (change === null) return row;
  const state = change.event === null ? row.state : nextAttemptState(row.state, change.event);
  const reason = change.event?.type === 'proven_failed' ? change.event.reason : row.fail_reason;
  return { ...row, ...definedOnly(change.set), state, fail_reason: reason, version: row.version + 1 };
}

function definedOnly(set: AttemptChange['set']): Partial<AttemptRow> {
  return Object.fromEntries(Object.entries(set).filter(([, value]) => value !== undefined));
}

const seconds = (n: number): number => start + n * 1000;

describe('belief', () => {
  test.each([
    ['another number', { merchantOrderNo: 'T2' }],
    ['no number', { merchantOrderNo: null }],
    ['another currency', { currency: 'EUR' }],
    ['no currency', { currency: null }],
    ['another amount', { orderAmountMinor: 901 }],
    ['no amount', { orderAmountMinor: null }],
    ['another attach', { attach: 'b'.repeat(32) }],
    ['another merchant', { merchantNo: '313' }],
    ['another app', { appId: 'other' }]
  ] as const)('#18 #19 does not take a success with %s for this payment', (_what, over) => {
    const row = asked(attemptRow(), answered(over), seconds(5));
    expect(row.state).toBe('unknown');
  });

  test('#20 takes a success where the shopper paid less than the price, and keeps the offer', () => {
    const row = asked(
      attemptRow(),
      answered({ paidAmountMinor: 800, discountByChannelMinor: 100 }),
      seconds(5)
    );
    expect(row).toMatchObject({ state: 'succeeded', paid_minor: 800, offer_by_channel_minor: 100 });
  });

  test("the submit's own success is only a reason to ask at once", () => {
    const row = attemptRow();
    const after = apply(row, afterSubmit({ row, answer: answered(), now: seconds(1) }));
    expect(after).toMatchObject({ state: 'submitted', next_due_at_ms: seconds(1) });
  });

  test('a connection that was never made is the only fault that ends a payment', () => {
    const faults: CallFault[] = ['not_sent', 'timeout', 'broken', 'unsigned', 'bad_signature', 'odd_shape'];
    const states = faults.map((name) => {
      const row = attemptRow();
      return apply(row, afterSubmit({ row, answer: fault(name), now: seconds(1) })).state;
    });
    expect(states).toEqual(['failed', 'unknown', 'unknown', 'unknown', 'unknown', 'unknown']);
  });

  test('#14 a refusal that nobody knows leaves the payment unknown', () => {
    for (const codeClass of ['unknown_code', 'system', 'duplicate_number', 'clock', 'signature'] as const) {
      const row = attemptRow();
      expect(apply(row, afterSubmit({ row, answer: refused(codeClass), now: seconds(1) })).state).toBe(
        'unknown'
      );
    }
  });

  test('a failed check is never a failed payment', () => {
    const checks = [
      fault('timeout'),
      fault('not_sent'),
      refused('system'),
      refused('clock'),
      fault('unsigned')
    ];
    for (const check of checks) {
      for (const state of ['submitted', 'paying', 'unknown', 'cancelling'] as const) {
        expect(['submitted', 'paying', 'unknown', 'cancelling']).toContain(
          asked(attemptRow({ state }), check, seconds(90)).state
        );
      }
    }
  });
});

describe('"not found"', () => {
  test('soon after a submit proves nothing', () => {
    const row = asked(attemptRow({ state: 'unknown' }), refused('not_found'), seconds(100));
    expect(row.state).toBe('unknown');
  });

  test('twice after the life of the order, with the cancel answered, ends as not received and is looked at again', () => {
    const row = attemptRow({ state: 'cancelling', cancel_standing: 'not_found' });
    const once = asked(row, refused('not_found'), seconds(210));
    expect(once.state).toBe('cancelling');
    const twice = asked(once, refused('not_found'), seconds(370));
    expect(twice).toMatchObject({
      state: 'failed',
      fail_reason: 'not_received',
      next_due_at_ms: seconds(1200)
    });
  });

  test('#57 proves nothing to a process that has known of the payment for less, whatever the wall clock says', () => {
    let row = attemptRow({ state: 'cancelling', cancel_standing: 'not_found' });
    const at = (second: number, knownForMs: number): AttemptRow =>
      asked(row, refused('not_found'), seconds(second), seconds(second), false, { knownForMs });
    for (const second of [210, 215, 370]) row = at(second, 179_999);
    expect(row).toMatchObject({ state: 'cancelling', not_found_late: 0 });
    expect(nextDue({ row, now: seconds(4000), timing, knownForMs: 60_000 })).toBe(seconds(4120));
    row = at(4120, 180_000);
    // Another process, which began a moment ago, takes nothing back.
    row = at(4130, 0);
    expect(row).toMatchObject({ state: 'cancelling', not_found_late: 1 });
    expect(at(4140, 200_000)).toMatchObject({ state: 'failed', fail_reason: 'not_received' });
  });

  test('twice, but with the cancel never answered, ends nothing', () => {
    let row = attemptRow({ state: 'cancelling', cancel_standing: 'unanswered' });
    for (const at of [210, 370, 670, 4270]) row = asked(row, refused('not_found'), seconds(at));
    expect(row.state).toBe('cancelling');
  });

  test('after a refusal that creates nothing ends at once', () => {
    const refusal = { submit_refusal: 'not_created', submit_answered_at_ms: seconds(1) };
    const row = asked(attemptRow(refusal), refused('not_found'), seconds(1));
    expect(row).toMatchObject({ state: 'failed', fail_reason: 'refused' });
  });
});

describe('a cancel', () => {
  const due = (
    row: AttemptRow,
    at: number,
    answer: Answer<PaymentFacts>,
    last: number | null = null
  ): boolean =>
    cancelIsDue({
      row,
      verdict: read(row, answer),
      lastCancelAtMs: last,
      now: at,
      timing,
      knownForMs: at - start
    });

  test('is sent by itself at 60 s, and by wish not sooner than 15 s', () => {
    const paying = answered({ status: 'paying' });
    const row = attemptRow({ state: 'paying' });
    expect(due(row, seconds(59), paying)).toBe(false);
    expect(due(row, seconds(60), paying)).toBe(true);
    const wished = attemptRow({ state: 'paying', stop_requested_at_ms: seconds(3) });
    expect(due(wished, seconds(14), paying)).toBe(false);
    expect(due(wished, seconds(15), paying)).toBe(true);
    expect(nextDue({ row: wished, now: seconds(3), timing, knownForMs: 3000 })).toBeLessThanOrEqual(
      seconds(15)
    );
  });

  test('is not begun while success is known or it is unclear whose payment is meant', () => {
    const row = attemptRow({ state: 'unknown' });
    expect(due(row, seconds(61), answered())).toBe(false);
    expect(due(row, seconds(61), answered({ orderAmountMinor: 1 }))).toBe(false);
  });

  test('#10 whose answer was lost is repeated, 5 s apart, until it is answered', () => {
    const row = attemptRow({ state: 'cancelling', cancel_standing: 'unanswered' });
    expect(due(row, seconds(64), fault('timeout'), seconds(60))).toBe(false);
    expect(due(row, seconds(65), fault('timeout'), seconds(60))).toBe(true);
  });

  test('#8 makes success provisional until it was refused and a later query says paid', () => {
    const unanswered = attemptRow({ state: 'cancelling', cancel_standing: 'unanswered' });
    expect(asked(unanswered, answered(), seconds(62)).state).toBe('cancelling');
    const accepted = attemptRow({
      state: 'cancelling',
      cancel_standing: 'accepted',
      cancel_answered_at_ms: seconds(61)
    });
    expect(asked(accepted, answered(), seconds(62)).state).toBe('cancelling');
    const refusedCancel = attemptRow({
      state: 'cancelling',
      cancel_standing: 'refused',
      cancel_answered_at_ms: seconds(61)
    });
    expect(asked(refusedCancel, answered(), seconds(62), seconds(60)).state).toBe('cancelling');
    expect(asked(refusedCancel, answered(), seconds(62), seconds(61)).state).toBe('succeeded');
  });

  test('#11 that was refused after a lost one needs two reads that say paid, 5 s apart and since the refusal', () => {
    const row = attemptRow({
      state: 'cancelling',
      cancel_standing: 'refused',
      cancel_answered_at_ms: seconds(66),
      late_seen_at_ms: seconds(60)
    });
    const paid = (on: AttemptRow, at: number) => asked(on, answered(), seconds(at), seconds(at), true);
    const once = paid(row, 67);
    expect(once).toMatchObject({ state: 'cancelling', late_seen_at_ms: seconds(67) });
    expect(nextDue({ row: once, now: seconds(600), timing, knownForMs: 600_000 })).toBe(seconds(605));
    expect(paid(once, 71).state).toBe('cancelling');
    expect(paid(once, 72)).toMatchObject({ state: 'succeeded', late_seen_at_ms: null });
    // #57 the wall clock was set on in between
    const suspectedForMs = 4999;
    expect(asked(once, answered(), seconds(300), seconds(300), true, { suspectedForMs }).state).toBe(
      'cancelling'
    );
    const stale = asked(once, answered({ status: 'cancelled' }), seconds(72), seconds(72), true);
    expect(stale).toMatchObject({ state: 'cancelled', late_seen_at_ms: null });
  });
});

describe('late money', () => {
  test('#11 is not believed on a single read, but on two that are 5 s apart', () => {
    const row = attemptRow({ state: 'cancelled', cancel_standing: 'accepted', ended_at_ms: seconds(61) });
    const once = asked(row, answered(), seconds(70));
    expect(once.state).toBe('cancelled');
    expect(asked(once, answered(), seconds(72)).state).toBe('cancelled');
    const suspectedForMs = 4999;
    expect(asked(once, answered(), seconds(300), seconds(300), false, { suspectedForMs }).state).toBe(
      'cancelled'
    );
    expect(asked(once, answered(), seconds(75)).state).toBe('paid_late');
  });

  test('#11 a stale read that is not repeated is forgotten', () => {
    const row = attemptRow({ state: 'cancelled', cancel_standing: 'accepted' });
    const once = asked(row, answered(), seconds(70));
    const gone = asked(once, answered({ status: 'cancelled' }), seconds(75));
    expect(gone).toMatchObject({ state: 'cancelled', late_seen_at_ms: null });
  });

  test('#12 a paid attempt stays paid when the gateway later says closed', () => {
    const row = asked(attemptRow({ state: 'succeeded' }), answered({ status: 'closed' }), seconds(500));
    expect(row.state).toBe('succeeded');
  });
});

test('evidence in any order and any number never throws, and an end moves only to paid late', () => {
  const anyAnswer = fc.oneof(
    fc
      .constantFrom('created', 'paying', 'closed', 'succeeded', 'cancelled')
      .map((status) => answered({ status })),
    fc.constantFrom('not_created', 'not_found', 'busy', 'system', 'clock', 'unknown_code').map(refused),
    fc.constantFrom('not_sent', 'timeout', 'broken', 'unsigned', 'bad_signature', 'odd_shape').map(fault)
  );
  const standing = fc.constantFrom('none', 'unanswered', 'accepted', 'refused', 'busy', 'not_found');
  const step = fc.record({
    answer: anyAnswer,
    submit: fc.boolean(),
    after: fc.integer({ min: 1, max: 400 }),
    standing
  });
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      let row = attemptRow();
      let now = start;
      for (const { answer, submit, after, standing: cancel } of steps) {
        now += after * 1000;
        const before = row;
        if (cancel !== 'none' && ['submitted', 'paying', 'unknown', 'cancelling'].includes(row.state)) {
          row = { ...row, state: 'cancelling', cancel_standing: cancel, cancel_answered_at_ms: now - 1 };
        }
        row = submit ? apply(row, afterSubmit({ row, answer, now })) : asked(row, answer, now);
        if (['failed', 'cancelled'].includes(before.state)) {
          expect([before.state, 'paid_late']).toContain(row.state);
        }
        if (['succeeded', 'refunded'].includes(before.state)) expect(row.state).toBe(before.state);
        if (before.state === 'paid_late' && row.state !== 'paid_late') {
          expect([row.state, answer.kind === 'answered' && answer.value.status]).toEqual([
            'refunded',
            'cancelled'
          ]);
        }
      }
    }),
    { numRuns: 2000 }
  );
});
