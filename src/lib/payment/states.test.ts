import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import {
  attemptStates,
  ImpossibleEvent,
  isMoneyIn,
  isOpen,
  isRefundOpen,
  nextAttemptState,
  nextRefundState,
  refundStates,
  type AttemptEvent,
  type AttemptState,
  type RefundEvent,
  type RefundState
} from './states';

const attemptEvents: readonly AttemptEvent[] = [
  { type: 'submit_started' },
  { type: 'nothing_sent' },
  { type: 'doubt_arose' },
  { type: 'seen_paying' },
  { type: 'proven_paid' },
  { type: 'proven_failed', reason: 'declined' },
  { type: 'proven_cancelled' },
  { type: 'cancel_committed' },
  { type: 'late_money_attached' },
  { type: 'late_money_returned' }
];

const refundEvents: readonly RefundEvent[] = [
  { type: 'submit_started' },
  { type: 'nothing_sent' },
  { type: 'doubt_arose' },
  { type: 'seen_refunding' },
  { type: 'funds_lacking' },
  { type: 'proven_refunded' },
  { type: 'proven_failed' }
];

/** Follows the events that are possible and skips the others, as a caller that asks first would. */
function walk<S, E>(start: S, events: readonly E[], next: (state: S, event: E) => S): S[] {
  const way = [start];
  let state = start;
  for (const event of events) {
    try {
      state = next(state, event);
      way.push(state);
    } catch (error) {
      expect(error).toBeInstanceOf(ImpossibleEvent);
    }
  }
  return way;
}

describe('an attempt', () => {
  test('leaves an end only as failed or cancelled to paid late, and from there to attached or refunded', () => {
    const waysOut = new Map<AttemptState, AttemptState[]>([
      ['failed', ['paid_late']],
      ['cancelled', ['paid_late']],
      ['paid_late', ['attached', 'refunded']]
    ]);
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...attemptEvents), { maxLength: 40 }), (events) => {
        const way = walk<AttemptState, AttemptEvent>('intent', events, nextAttemptState);
        for (const [index, state] of way.entries()) {
          const after = way[index + 1];
          if (after === undefined || after === state || isOpen(state)) continue;
          expect(waysOut.get(state) ?? []).toContain(after);
        }
      }),
      { numRuns: 2000 }
    );
  });

  test('takes money in at most once, whatever happens', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...attemptEvents), { maxLength: 40 }), (events) => {
        const way = walk<AttemptState, AttemptEvent>('intent', events, nextAttemptState);
        const entries = way.filter(
          (state, index) => isMoneyIn(state) && !isMoneyIn(way[index - 1] ?? 'intent')
        );
        expect(entries.length).toBeLessThanOrEqual(1);
      }),
      { numRuns: 2000 }
    );
  });

  test('is never sent twice: "sending" is entered once', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...attemptEvents), { maxLength: 40 }), (events) => {
        const way = walk<AttemptState, AttemptEvent>('intent', events, nextAttemptState);
        expect(way.filter((state) => state === 'submitted').length).toBeLessThanOrEqual(1);
      })
    );
  });

  test('once a cancel is committed, no doubt and no "still paying" undoes it', () => {
    expect(nextAttemptState('cancelling', { type: 'doubt_arose' })).toBe('cancelling');
    expect(nextAttemptState('cancelling', { type: 'seen_paying' })).toBe('cancelling');
  });

  test('answers each event in each state with a state or an error that names both, never with nothing', () => {
    for (const state of attemptStates) {
      for (const event of attemptEvents) {
        try {
          expect(attemptStates).toContain(nextAttemptState(state, event));
        } catch (error) {
          expect(String(error)).toContain(state);
          expect(String(error)).toContain(event.type);
        }
      }
    }
  });

  test('that was shut before it arrived can never become anything else', () => {
    for (const event of attemptEvents) expect(() => nextAttemptState('void', event)).toThrow(ImpossibleEvent);
  });
});

describe('a refund', () => {
  test('never leaves an end', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...refundEvents), { maxLength: 40 }), (events) => {
        const way = walk<RefundState, RefundEvent>('intent', events, nextRefundState);
        const end = way.findIndex((state) => !isRefundOpen(state));
        if (end >= 0) expect(way.length).toBe(end + 1);
      }),
      { numRuns: 2000 }
    );
  });

  test('pays out at most once', () => {
    fc.assert(
      fc.property(fc.array(fc.constantFrom(...refundEvents), { maxLength: 40 }), (events) => {
        const way = walk<RefundState, RefundEvent>('intent', events, nextRefundState);
        expect(way.filter((state) => state === 'succeeded').length).toBeLessThanOrEqual(1);
      })
    );
  });

  test('answers each event in each state with a state or an error that names both', () => {
    for (const state of refundStates) {
      for (const event of refundEvents) {
        try {
          expect(refundStates).toContain(nextRefundState(state, event));
        } catch (error) {
          expect(error).toBeInstanceOf(ImpossibleEvent);
        }
      }
    }
  });
});
