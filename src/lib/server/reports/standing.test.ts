import { describe, expect, test } from 'vitest';
import type { AttemptState, RefundState } from '$lib/payment/states';
import type { OrderStanding } from '$lib/wire/orders';
import { standingOf } from './standing';

const plain = { totalMinor: 900, givenFree: false, cleared: false };

function standing(options: {
  attempts?: readonly AttemptState[];
  refunds?: readonly (readonly [of: number, state: RefundState, amountMinor: number])[];
  order?: Partial<typeof plain>;
  openTasks?: number;
}): OrderStanding {
  return standingOf({
    order: { ...plain, ...options.order },
    attempts: (options.attempts ?? []).map((state, index) => ({
      attemptId: `attempt-${index}`,
      state,
      amountMinor: 900
    })),
    refunds: (options.refunds ?? []).map(([of, state, amountMinor]) => ({
      attemptId: `attempt-${of}`,
      state,
      amountMinor
    })),
    openTasks: options.openTasks ?? 0
  });
}

describe('an order stands as', () => {
  test.each<[OrderStanding, string, Parameters<typeof standing>[0]]>([
    ['open', 'nobody asked for money', {}],
    ['open', 'its only payment never arrived', { attempts: ['void'] }],
    ['paid', 'its money is in', { attempts: ['failed', 'succeeded'] }],
    ['paid', 'late money was attached to it', { attempts: ['cancelled', 'attached'] }],
    ['paid', 'it cost nothing and was given away', { order: { totalMinor: 0, givenFree: true } }],
    ['not_paid', 'the last payment failed', { attempts: ['cancelled', 'failed'] }],
    ['not_paid', 'a later payment never arrived', { attempts: ['failed', 'void'] }],
    ['checking', 'a payment is still open', { attempts: ['failed', 'unknown'] }],
    ['checking', 'a payment is being stopped', { attempts: ['cancelling'] }],
    ['stopped', 'the last payment was stopped', { attempts: ['failed', 'cancelled'] }],
    ['stopped', 'it was cleared', { order: { cleared: true } }],
    ['stopped', 'it was cleared after a payment failed', { attempts: ['failed'], order: { cleared: true } }],
    [
      'refund_on_its_way',
      'a part is going back',
      { attempts: ['succeeded'], refunds: [[0, 'refunding', 290]] }
    ],
    [
      'refund_on_its_way',
      'a refund waits for funds',
      { attempts: ['succeeded'], refunds: [[0, 'waiting_funds', 290]] }
    ],
    ['part_refunded', 'a part is back', { attempts: ['succeeded'], refunds: [[0, 'succeeded', 290]] }],
    [
      'refunded',
      'all is back, in two parts',
      {
        attempts: ['succeeded'],
        refunds: [
          [0, 'succeeded', 290],
          [0, 'succeeded', 610]
        ]
      }
    ],
    ['refunded', 'late money was given back', { attempts: ['refunded'], refunds: [[0, 'succeeded', 900]] }],
    ['paid', 'a refund of it failed', { attempts: ['succeeded'], refunds: [[0, 'failed', 290]] }],
    [
      'paid',
      'late money beside it was given back, its own was not',
      { attempts: ['refunded', 'succeeded'], refunds: [[0, 'succeeded', 900]] }
    ],
    ['needs_you', 'money came late', { attempts: ['paid_late'] }],
    ['needs_you', 'money came late beside its own', { attempts: ['paid_late', 'succeeded'] }],
    [
      'refund_on_its_way',
      'late money is going back',
      { attempts: ['paid_late'], refunds: [[0, 'intent', 900]] }
    ],
    ['needs_you', 'a task about it is open', { attempts: ['succeeded'], openTasks: 1 }],
    ['needs_you', 'it was cleared and money is in', { attempts: ['succeeded'], order: { cleared: true } }]
  ])('%s when %s', (expected, _when, given) => {
    expect(standing(given)).toBe(expected);
  });
});
