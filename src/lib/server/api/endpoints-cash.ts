/** Cash: what registers write down of their drawers, and money of tenders that is given back. */
import type { Endpoint } from './endpoint';

export const cashEndpoints: readonly Endpoint[] = [
  {
    method: 'POST',
    path: '/api/cash/movements',
    group: 'Cash',
    title: 'Write down cash that is no sale',
    description:
      'Paid in, paid out, or the drawer only opened. The register makes the id and has journaled it; sent again, it is kept once.',
    body: 'MoveCash',
    answers: [{ status: 200, description: 'Kept.', schema: 'CashMoved' }],
    register: true,
    problems: ['register_unknown', 'order_conflict']
  },
  {
    method: 'POST',
    path: '/api/cash/returns',
    group: 'Cash',
    title: 'Give money of a tender back',
    description:
      'Of an order that was paid in full, in cash or on another card machine too; never more than that paid. Confirmed with the own password. It never makes the order payable again.',
    body: 'ReturnTender',
    answers: [{ status: 200, description: 'Written down.', schema: 'TenderReturned' }],
    problems: [
      'wrong_password',
      'too_many_tries',
      'not_found',
      'not_refundable',
      'order_not_paid',
      'refund_too_high',
      'refund_conflict'
    ]
  }
];
