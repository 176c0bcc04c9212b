/** What a register calls: orders, payments, refunds. */
import { idParameter, waitParameters, type Endpoint } from './endpoint';

const paymentId = idParameter('The id that the register gave this payment: 32 hex digits.');
const refundId = idParameter('The id that the page gave this refund: 32 hex digits.');
const payment = {
  status: 202,
  description: 'The payment as it stands; its end comes later.',
  schema: 'Payment'
} as const;

export const counterEndpoints: readonly Endpoint[] = [
  {
    method: 'POST',
    path: '/api/orders',
    group: 'Orders',
    title: 'Store an order',
    description:
      'Keeps an order that asks the gateway for nothing: given free, parked, cleared. The same order sent again is kept once. An order that is paid goes with its payment instead.',
    body: 'StoreOrder',
    answers: [{ status: 200, description: 'Kept.', schema: 'StoredOrder' }],
    register: true,
    problems: ['register_unknown', 'order_busy', 'already_paid', 'order_conflict', 'price_changed']
  },
  {
    method: 'GET',
    path: '/api/orders',
    group: 'Orders',
    title: 'Find orders',
    description:
      'By any number that a shopper can show: of the order, of the payment, of the wallet. A payment code is no number and belongs in no address.',
    parameters: [
      {
        name: 'number',
        in: 'query',
        description: 'The number, 1 to 64 characters. Needed.',
        schema: { type: 'string', minLength: 1, maxLength: 64 },
        example: 'T1-0042'
      }
    ],
    answers: [
      { status: 200, description: 'What was found; an empty list where nothing was.', schema: 'FoundOrders' }
    ],
    problems: ['bad_request']
  },
  {
    method: 'GET',
    path: '/api/orders/{id}',
    group: 'Orders',
    title: 'One order',
    description: 'With its events, payments, refunds, and everything that happened to it.',
    parameters: [idParameter('The id of the order: 32 hex digits.')],
    answers: [{ status: 200, description: 'The order.', schema: 'OrderDetail' }],
    problems: ['not_found']
  },
  {
    method: 'POST',
    path: '/api/payments',
    group: 'Payments',
    title: 'Ask for a payment',
    description:
      'Asks the shopper’s wallet for the money, once. The same id with the same body gives the same answer and no second charge, so that a request whose answer was lost may be sent again. The answer comes when the payment is written down, not when it is paid. Where no answer comes at all: ask for the payment by its id; if it is not there, shut it before you try another.',
    body: 'RequestPayment',
    answers: [payment],
    register: true,
    problems: [
      'register_unknown',
      'order_busy',
      'already_paid',
      'amount_too_high',
      'attempt_conflict',
      'attempt_void',
      'code_used',
      'price_changed',
      'order_conflict'
    ]
  },
  {
    method: 'GET',
    path: '/api/payments',
    group: 'Payments',
    title: 'Open payments of this register',
    description: 'What this register has open, oldest first, as the ledger knows it.',
    answers: [{ status: 200, description: 'The open payments.', schema: 'Payments' }],
    register: true,
    problems: ['register_unknown']
  },
  {
    method: 'GET',
    path: '/api/payments/{id}',
    group: 'Payments',
    title: 'One payment',
    description:
      'As it stands, or as soon as it changes. `not_found` does not mean that it was not paid for: its request may still be on the way.',
    parameters: [paymentId, ...waitParameters],
    answers: [{ status: 200, description: 'The payment.', schema: 'Payment' }],
    problems: ['not_found']
  },
  {
    method: 'POST',
    path: '/api/payments/{id}/ask',
    group: 'Payments',
    title: 'Ask the gateway now',
    description: 'Makes the next question due at once. Moves no money.',
    parameters: [paymentId],
    answers: [payment],
    problems: ['not_found']
  },
  {
    method: 'POST',
    path: '/api/payments/{id}/cancel',
    group: 'Payments',
    title: 'Stop a payment',
    description:
      'A cashier’s wish, taken at once and carried out when the contract allows it. The payment may still turn out paid: only its state says how it ended.',
    parameters: [paymentId],
    answers: [payment],
    problems: ['not_found']
  },
  {
    method: 'POST',
    path: '/api/payments/{id}/void',
    group: 'Payments',
    title: 'Shut a payment that never arrived',
    description:
      'For a payment whose request got no answer. Only this answer frees the order: `void` says that it can’t arrive any more; any other state, that it had arrived and goes on.',
    parameters: [paymentId],
    body: 'VoidPayment',
    answers: [
      {
        status: 200,
        description: 'The payment as it stands: `void`, or what it is where it had arrived.',
        schema: 'Payment'
      }
    ],
    register: true,
    problems: ['register_unknown']
  },
  {
    method: 'GET',
    path: '/api/refunds/proof',
    group: 'Refunds',
    title: 'What a refund has to be confirmed by',
    description:
      '`pin` at a register up to the shop’s limit for who has one, with what of the order goes back already and what the same person gave back in the last five minutes; `password` otherwise, `nothing` where this session proved it in the last five minutes.',
    parameters: [
      {
        name: 'amountMinor',
        in: 'query',
        description: 'The amount, in the smallest unit of the shop’s currency.',
        schema: { type: 'integer', minimum: 1 },
        example: '290'
      },
      {
        name: 'attemptId',
        in: 'query',
        description: 'The payment whose money goes back.',
        schema: { type: 'string' },
        example: '0123456789abcdef0123456789abcdef'
      }
    ],
    answers: [{ status: 200, description: 'What to ask for.', schema: 'ProofNeeded' }],
    problems: ['bad_request']
  },
  {
    method: 'POST',
    path: '/api/refunds',
    group: 'Refunds',
    title: 'Give money back',
    description:
      'Confirmed with the admin’s own password, or with their PIN at a register up to the shop’s limit; neither is needed again for five minutes in the same session. The same id with the same body is one refund, however often it is sent. The answer comes when the refund is written down, not when the money has arrived.',
    body: 'RequestRefund',
    answers: [
      { status: 202, description: 'The refund as it stands; its end comes later.', schema: 'Refund' }
    ],
    problems: [
      'wrong_password',
      'proof_needed',
      'too_many_tries',
      'not_found',
      'not_refundable',
      'refund_too_high',
      'refund_in_flight',
      'refund_conflict',
      'cancel_unanswered'
    ]
  },
  {
    method: 'GET',
    path: '/api/refunds/{id}',
    group: 'Refunds',
    title: 'One refund',
    description: 'As it stands, or as soon as it changes.',
    parameters: [refundId, ...waitParameters],
    answers: [{ status: 200, description: 'The refund.', schema: 'Refund' }],
    problems: ['not_found']
  },
  {
    method: 'POST',
    path: '/api/refunds/{id}/cash',
    group: 'Refunds',
    title: 'Pay a refund that failed in cash',
    description:
      'All of a refund that ended as failed, out of the drawer; never while a refund of the same payment may still arrive. Confirmed like a refund. The same id is one payout, however often it is sent.',
    parameters: [refundId],
    body: 'PayRefundInCash',
    answers: [{ status: 200, description: 'The refund, with who paid it in cash.', schema: 'Refund' }],
    problems: [
      'wrong_password',
      'proof_needed',
      'too_many_tries',
      'not_found',
      'not_refundable',
      'refund_too_high',
      'refund_in_flight',
      'refund_conflict'
    ]
  },
  {
    method: 'POST',
    path: '/api/refunds/{id}/ask',
    group: 'Refunds',
    title: 'Ask about a refund, or try it again',
    description: 'The same refund with the same number, never a second one.',
    parameters: [refundId],
    answers: [{ status: 202, description: 'The refund as it stands.', schema: 'Refund' }],
    problems: ['not_found']
  }
];
