/** Stores an order that asks the gateway for nothing: given away at a total of zero, parked, cleared. */
import { openAttemptStates } from '$lib/payment/states';
import type { StoreOrder } from '$lib/wire/orders';
import type { Ledger, LedgerTransaction } from '../ledger/ledger';
import { raiseSurplus } from '../payments/after-end';
import { appendEvent } from '../payments/change-attempt';
import { refuseHeld } from '../payments/order-held';
import {
  allOrNothing,
  refuse,
  storeOrder,
  type Refusal,
  type Sender,
  type Stored
} from '../payments/store-order';

/**
 * Keeps an order as it stands on its register. The same order sent again is kept once.
 *
 * @returns the stored order, or why not: a payment is open on it, or it was paid, at another revision
 */
export async function keepOrder({
  ledger,
  sender,
  request
}: {
  readonly ledger: Ledger;
  readonly sender: Sender;
  readonly request: StoreOrder;
}): Promise<Stored | Refusal> {
  return allOrNothing(ledger, async (trx) => {
    // The order's row first: a payment that begins at the same moment is then seen, or sees this revision.
    const before = await trx
      .selectFrom('orders')
      .select(['given_free', 'cleared'])
      .where('id', '=', request.orderId)
      .forUpdate()
      .executeTakeFirst();
    const held = await whyHeld({ trx, request });
    if (held !== null) return held;
    const now = ledger.nowMs();
    const stored = await storeOrder({
      trx,
      sender,
      orderId: request.orderId,
      revision: request.revision,
      events: request.events,
      now,
      prices: 'as_sold'
    });
    if (!stored.ok) return stored;
    const { row } = stored;
    await raiseSurplus({ trx, orderId: row.id, now });
    const what =
      row.given_free === 1 && before?.given_free !== 1
        ? 'order_given_free'
        : row.cleared === 1 && before?.cleared !== 1
          ? 'order_cleared'
          : null;
    if (what !== null) {
      await appendEvent(trx, {
        at_ms: now,
        subject: 'order',
        subject_id: row.id,
        order_id: row.id,
        what,
        actor: sender.staffName,
        amount_minor: row.total_minor
      });
    }
    return stored;
  });
}

/**
 * An attempt freezes the revision that it pays: while it is open nothing else is the order, and after it was paid only the
 * rest may still be tendered.
 */
async function whyHeld({
  trx,
  request
}: {
  readonly trx: LedgerTransaction;
  readonly request: StoreOrder;
}): Promise<Refusal | null> {
  const attempts = await trx
    .selectFrom('attempts')
    .select(['id', 'state', 'register_id', 'order_revision'])
    .where('order_id', '=', request.orderId)
    .where('state', 'in', [...openAttemptStates, 'succeeded', 'attached', 'paid_late'])
    .where('order_revision', '!=', request.revision)
    // Open, but set aside by a manager: it holds the order no longer.
    .where((where) =>
      where.or([where('set_aside_at_ms', 'is', null), where('state', 'not in', openAttemptStates)])
    )
    .execute();
  const open = attempts.find(({ state }) => openAttemptStates.some((one) => one === state));
  if (open !== undefined) {
    return refuseHeld({
      trx,
      open,
      detail:
        'A payment for this order is still open, so the order stays as it is. Nothing was charged. Wait for its end.'
    });
  }
  const changed = attempts.some(({ order_revision }) => !onlyTendersAfter(request, order_revision));
  return changed
    ? refuse(
        'already_paid',
        'This order is paid, so it stays as it is. Nothing more was charged. Start a new order.'
      )
    : null;
}

const tenderKinds: readonly string[] = ['cash_tendered', 'card_tendered', 'tender_removed'];

function onlyTendersAfter({ events }: StoreOrder, revision: number): boolean {
  return events.length >= revision && events.slice(revision).every(({ kind }) => tenderKinds.includes(kind));
}
