/** A manager gives money of a tender back: cash out of a drawer, or written down for the other card machine. */
import type { ReturnTender } from '$lib/wire/cash';
import type { Staff } from '$lib/wire/shop';
import type { StaffDirectory } from '../identity/staff';
import type { Ledger } from '../ledger/ledger';
import { lockNames } from '../ledger/locks';
import { appendEvent } from '../payments/change-attempt';
import { shopDayOf } from '../payments/counter-time';
import { lockOrderMoney } from '../payments/order-money';
import { allOrNothing, refuse, type Refusal } from '../payments/store-order';

export type Returned = { readonly ok: true; readonly orderId: string };

/**
 * Checks the password, then writes the return down: never more than the tender paid, never of an order that is not paid in
 * full, and never making it payable again. The same id with the same contents is one return.
 *
 * @param registerId the register at whose drawer this happens; null where this browser is none: then the one that took it
 */
export async function returnTender({
  ledger,
  directory,
  staff,
  registerId,
  request
}: {
  readonly ledger: Ledger;
  readonly directory: Pick<StaffDirectory, 'verifyPassword'>;
  readonly staff: Staff;
  readonly registerId: string | null;
  readonly request: ReturnTender;
}): Promise<Returned | Refusal> {
  const check = await directory.verifyPassword({ staffId: staff.staffId, password: request.password });
  if (!check.ok) {
    await ledger.transaction((trx) =>
      appendEvent(trx, {
        at_ms: ledger.nowMs(),
        subject: 'order',
        subject_id: request.orderId,
        order_id: request.orderId,
        what: 'return_not_confirmed',
        actor: staff.name,
        amount_minor: request.amountMinor,
        message: check.reason
      })
    );
    if (check.reason === 'wrong_password')
      return refuse(
        'wrong_password',
        'The password is not right. Nothing was given back. Type your own password again.'
      );
    const seconds = Math.ceil(check.waitMs / 1000);
    return refuse(
      'too_many_tries',
      `The password was wrong too often. Nothing was given back. Try again in ${seconds} s.`,
      { seconds }
    );
  }
  return allOrNothing(ledger, async (trx): Promise<Returned | Refusal> => {
    // The same return sent twice at once: the second one waits here and finds the first.
    await lockNames(trx, [`return ${request.returnId}`]);
    const known = await trx
      .selectFrom('tender_returns')
      .selectAll()
      .where('id', '=', request.returnId)
      .executeTakeFirst();
    if (known !== undefined) {
      return known.tender_id === request.tenderId && known.amount_minor === request.amountMinor
        ? { ok: true, orderId: known.order_id }
        : refuse('refund_conflict', 'This id belongs to another return. Nothing was given back.');
    }
    // Two returns of one order at once: the second one waits here and counts the first. The order's row is locked
    // before its tenders' everywhere.
    const money = await lockOrderMoney(trx, request.orderId);
    const tender = await trx
      .selectFrom('tenders')
      .selectAll()
      .where('id', '=', request.tenderId)
      .where('order_id', '=', request.orderId)
      .forUpdate()
      .executeTakeFirst();
    if (tender === undefined)
      return refuse('not_found', 'There is no such cash on this order. Nothing was given back.');
    if (tender.removed_at_ms !== null)
      return refuse('not_refundable', 'This money went back to the shopper already. Nothing was given back.');
    if (money === null || money.paidMinor < money.totalMinor) {
      // Its register still counts this money as paid: it would sell the rest, or take the same money back once more.
      return refuse(
        'order_not_paid',
        'This order is not paid in full yet. Nothing was given back. Open it on its register: take this money back there, or let the shopper pay the rest first.',
        { leftMinor: money === null ? 0 : money.totalMinor - money.paidMinor }
      );
    }
    const shop = await trx.selectFrom('shop').selectAll().executeTakeFirstOrThrow();
    if (request.currency !== shop.currency)
      return refuse('bad_request', "The amount is not in the shop's currency. Nothing was given back.");
    const before = await trx
      .selectFrom('tender_returns')
      .select('amount_minor')
      .where('tender_id', '=', tender.id)
      .execute();
    const paid = tender.amount_minor + tender.rounding_minor;
    const rest = before.reduce((left, { amount_minor }) => left - amount_minor, paid);
    if (request.amountMinor > rest) {
      return refuse(
        'refund_too_high',
        'That is more than is left of what was paid. Nothing was given back. Check the amount.',
        { restMinor: rest }
      );
    }
    const now = ledger.nowMs();
    await trx
      .insertInto('tender_returns')
      .values({
        id: request.returnId,
        tender_id: tender.id,
        order_id: tender.order_id,
        register_id: registerId ?? tender.register_id,
        amount_minor: request.amountMinor,
        reason: request.reason,
        staff_id: staff.staffId,
        staff_name: staff.name,
        at_ms: now,
        business_day: shopDayOf({ atMs: now, shop })
      })
      .execute();
    await appendEvent(trx, {
      at_ms: now,
      subject: 'order',
      subject_id: tender.order_id,
      order_id: tender.order_id,
      what: tender.kind === 'cash' ? 'cash_given_back' : 'card_given_back',
      actor: staff.name,
      amount_minor: request.amountMinor,
      message: request.reason
    });
    return { ok: true, orderId: tender.order_id };
  });
}
