/** Rows of the ledger as registers and managers see them. */
import * as v from 'valibot';
import { isOpen, isRefundOpen } from '$lib/payment/states';
import type { Remedy } from '$lib/payment/remedy';
import type { AttemptView } from '$lib/wire/payments';
import { refundViewSchema, type RefundView } from '$lib/wire/refunds';
import { shopFaults } from './alarms';
import { declineRemedy } from './declines';
import { ageOf, isOnDesk } from './when-due';
import type { AttemptRow, RefundRow } from './parts';
import { nextAskIn, type Timing } from './timing';

/**
 * @param options.now by the ledger's clock: all durations are counted from it
 * @param options.writtenCharged what a manager wrote about it, where that was read; it stands in no column of the row
 * @param options.takenHere the wallets that this shop was paid with, where the remedy asks for them
 */
export function viewAttempt(options: {
  row: AttemptRow;
  now: number;
  timing: Timing;
  writtenCharged?: boolean;
  takenHere?: string[];
}): AttemptView {
  const { row, now, timing } = options;
  const age = ageOf(row, now);
  const open = isOpen(row.state);
  const cancelling = row.state === 'cancelling';
  const waits = row.state === 'intent' || row.state === 'submitted' || row.state === 'paying';
  const onDesk = isOnDesk({ row, now, timing });
  return {
    attemptId: row.id,
    orderId: row.order_id,
    merchantOrderNo: row.merchant_order_no,
    state: row.state,
    version: row.version,
    failReason: row.fail_reason,
    remedy: remedyOf(row),
    errorCode: row.error_code,
    errorText: row.error_text,
    amountMinor: row.amount_minor,
    currency: row.currency,
    codeLast4: row.code_last4,
    wallet: row.wallet,
    paidMinor: row.paid_minor,
    offerByMerchantMinor: row.offer_by_merchant_minor,
    offerByChannelMinor: row.offer_by_channel_minor,
    createdAt: isoTime(row.created_at_ms),
    endedAt: row.ended_at_ms === null ? null : isoTime(row.ended_at_ms),
    ageMs: age,
    shopperHasMs: waits && row.stop_requested_at_ms === null ? Math.max(0, timing.counterMs - age) : null,
    shopperHadMs: timing.counterMs,
    stopInMs: stopIn({ row, age, timing, open, cancelling }),
    nextAskInMs: nextAsk({ row, now, age, timing, open }),
    lastAskedAt: row.last_asked_at_ms === null ? null : isoTime(row.last_asked_at_ms),
    gatewayReachable: row.gateway_reachable === 1,
    place: !open ? 'ended' : onDesk ? 'desk' : 'counter',
    psn: row.psn,
    codeSeenBefore: row.code_seen_before === 1,
    setAside: row.set_aside_at_ms !== null,
    ...(options.writtenCharged === undefined ? {} : { writtenCharged: options.writtenCharged }),
    ...(options.takenHere === undefined ? {} : { takenHere: options.takenHere })
  };
}

export function viewRefund(options: { row: RefundRow; now: number }): RefundView {
  const { row, now } = options;
  return {
    refundId: row.id,
    attemptId: row.attempt_id,
    orderId: row.order_id,
    merchantOrderNo: row.merchant_order_no,
    state: row.state,
    version: row.version,
    amountMinor: row.amount_minor,
    currency: row.currency,
    reason: row.reason,
    // Written by requestRefund from a checked request.
    lines: v.parse(refundViewSchema.entries.lines, JSON.parse(row.lines)),
    requestedBy: row.staff_name,
    createdAt: isoTime(row.created_at_ms),
    endedAt: row.ended_at_ms === null ? null : isoTime(row.ended_at_ms),
    nextAskInMs:
      isRefundOpen(row.state) && row.next_due_at_ms !== null ? Math.max(0, row.next_due_at_ms - now) : null,
    errorCode: row.error_code,
    errorText: row.error_text,
    psn: row.psn,
    givenBackMinor: row.given_back_minor,
    paidInCash:
      row.cash_by === null || row.cash_at_ms === null
        ? null
        : { by: row.cash_by, at: isoTime(row.cash_at_ms) }
  };
}

export function isoTime(ms: number): string {
  return new Date(ms).toISOString();
}

/** While it is being asked about, what counts is the question after this one: its own due time is already past. */
function nextAsk(options: {
  row: AttemptRow;
  now: number;
  age: number;
  timing: Timing;
  open: boolean;
}): number | null {
  const { row, now, age, timing, open } = options;
  if (row.next_due_at_ms === null) return null;
  const asking = row.lease_owner !== null && row.next_due_at_ms <= now;
  return open && asking ? nextAskIn(timing, age) : Math.max(0, row.next_due_at_ms - now);
}

function stopIn(options: {
  row: AttemptRow;
  age: number;
  timing: Timing;
  open: boolean;
  cancelling: boolean;
}): number | null {
  const { row, age, timing, open, cancelling } = options;
  if (!open) return null;
  if (cancelling) return 0;
  if (row.stop_requested_at_ms === null) return null;
  return Math.max(0, timing.cancelNotBeforeMs - age);
}

/** What the cashier can do about it; null where it is paid, or open for another reason than the shop's own. */
export function remedyOf(row: AttemptRow): Remedy | null {
  if (row.state === 'cancelled' || row.state === 'void') return 'try_again';
  // Not known yet, but why is: our own request is not accepted, whatever the shopper does.
  if (isOpen(row.state))
    return shopFaults.some((fault) => fault === row.submit_refusal) ? 'shop_fault' : null;
  if (row.state !== 'failed') return null;
  switch (row.fail_reason) {
    case 'not_sent':
      return 'check_internet';
    case 'not_received':
      return 'try_again';
    case 'refused':
    case 'declined':
    case null:
      return declineRemedy(row.error_code);
  }
}
