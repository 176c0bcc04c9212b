/** A register asks for money: everything is checked and written down before anything is sent (money rules 1 to 3). */
import { isMoneyIn, isOpen } from '$lib/payment/states';
import type { RequestPayment } from '$lib/wire/payments';
import type { LedgerTransaction } from '../ledger/ledger';
import { lockNames } from '../ledger/locks';
import { appendEvent } from './change-attempt';
import { keyedDigest, lastFour } from './code-digest';
import { raiseIfForgotten } from './forgotten';
import { merchantOrderNoOf } from './merchant-order-no';
import { refuseHeld } from './order-held';
import type { AttemptRow, PaymentParts } from './parts';
import { allOrNothing, refuse, storeOrder, type Refusal, type Sender } from './store-order';

export type RequestResult =
  /** `fresh`: the row is new, and its submit is to be sent now. */
  | { readonly ok: true; readonly row: AttemptRow; readonly fresh: boolean; readonly description: string }
  | Refusal;

/** Inserts the attempt as `intent`, or says why not. Nothing is sent here. */
export async function requestPayment(options: {
  parts: PaymentParts;
  sender: Sender;
  request: RequestPayment;
}): Promise<RequestResult> {
  const { parts, sender, request } = options;
  const codeDigest = keyedDigest({ key: parts.digestKey, of: ['code', request.paymentCode] });
  const requestDigest = keyedDigest({
    key: parts.digestKey,
    of: ['request', request.orderId, String(request.amountMinor), request.currency, codeDigest]
  });
  // Inserted by an earlier run of this very transaction: its commit was not acknowledged, and it may have happened.
  let inserted: string | null = null;
  const result = await allOrNothing(parts.ledger, async (trx): Promise<RequestResult> => {
    // Two requests with one code, or two things with one number, stand in line before either has a row.
    await lockNames(trx, [`code ${codeDigest}`, `number ${request.attemptId}`]);
    const known = await trx
      .selectFrom('attempts')
      .selectAll()
      .where('id', '=', request.attemptId)
      .executeTakeFirst();
    if (known !== undefined) return answerAgain({ known, requestDigest, ours: inserted });
    const namesake = await trx
      .selectFrom('refunds')
      .select('id')
      .where('id', '=', request.attemptId)
      .executeTakeFirst();
    if (namesake !== undefined) {
      // Numbers are made from ids: two things with one number could not be told apart at the gateway.
      return refuse(
        'attempt_conflict',
        'This id belongs to a refund. Nothing was sent. Reload this page and try again.'
      );
    }

    const now = parts.ledger.nowMs();
    const stored = await storeOrder({
      trx,
      sender,
      orderId: request.orderId,
      revision: request.revision,
      events: request.events,
      now
    });
    if (!stored.ok) return stored;
    if (request.currency !== stored.row.currency) {
      return refuse(
        'bad_request',
        "The amount is not in the shop's currency. No money moved. Reload this page."
      );
    }
    if (stored.row.cleared === 1 || stored.row.given_free === 1) {
      return refuse('already_paid', 'This order is closed. No money moved. Start a new order.');
    }
    const busy = await whyNotPayable({
      trx,
      request,
      dueMinor: stored.row.total_minor - stored.row.tendered_minor
    });
    if (busy !== null) return busy;

    const usedBefore = await codeWasUsed({ trx, codeDigest, sinceMs: now - parts.timing.codeOnceMs });
    if (usedBefore && parts.mode === 'live') {
      return refuse(
        'code_used',
        'This payment code was used a moment ago. No money moved. Ask for a fresh code.'
      );
    }
    const row = await trx
      .insertInto('attempts')
      .values({
        id: request.attemptId,
        order_id: request.orderId,
        order_revision: request.revision,
        merchant_order_no: merchantOrderNoOf(request.attemptId),
        register_id: sender.registerId,
        staff_id: sender.staffId,
        amount_minor: request.amountMinor,
        currency: request.currency,
        state: 'intent',
        version: 1,
        request_digest: requestDigest,
        code_digest: codeDigest,
        code_last4: lastFour(request.paymentCode),
        code_seen_before: usedBefore ? 1 : 0,
        created_at_ms: now,
        cancel_standing: 'none',
        not_found_late: 0,
        next_due_at_ms: now + parts.timing.intentLifeMs,
        gateway_reachable: 1,
        offer_by_merchant_minor: 0,
        offer_by_channel_minor: 0
      })
      .returningAll()
      .executeTakeFirstOrThrow();
    await appendEvent(trx, {
      at_ms: now,
      subject: 'attempt',
      subject_id: row.id,
      order_id: row.order_id,
      what: 'payment_requested',
      actor: sender.staffName,
      to_state: 'intent',
      amount_minor: row.amount_minor
    });
    inserted = stored.row.what;
    return { ok: true, row, fresh: true, description: stored.row.what };
  });
  if (result.ok && result.fresh) {
    parts.crashPoint('after_intent');
    parts.changes.happened({ kind: 'attempt', id: result.row.id, version: result.row.version });
    parts.changes.happened({ kind: 'order', id: result.row.order_id, version: null });
  }
  return result;
}

/**
 * Shuts an attempt that may still be on its way: only this answer frees the order for another one (money rule 3).
 * A late request finds the row and is refused.
 *
 * @returns the row as it stands: `void` when it had never arrived, anything else when it had
 */
export async function voidAttempt(options: {
  parts: PaymentParts;
  sender: Sender;
  attemptId: string;
  orderId: string;
}): Promise<AttemptRow> {
  const { parts, sender, attemptId, orderId } = options;
  const answered = await parts.ledger.transaction(
    async (trx) => {
      const known = await trx
        .selectFrom('attempts')
        .selectAll()
        .where('id', '=', attemptId)
        .executeTakeFirst();
      if (known !== undefined) return known;
      const now = parts.ledger.nowMs();
      const shop = await trx.selectFrom('shop').select('currency').executeTakeFirstOrThrow();
      const row = await trx
        .insertInto('attempts')
        .values({
          id: attemptId,
          order_id: orderId,
          order_revision: 0,
          merchant_order_no: merchantOrderNoOf(attemptId),
          register_id: sender.registerId,
          staff_id: sender.staffId,
          amount_minor: 0,
          currency: shop.currency,
          state: 'void',
          version: 1,
          request_digest: '',
          code_digest: '',
          code_last4: '',
          code_seen_before: 0,
          created_at_ms: now,
          ended_at_ms: now,
          // Asked about once, when whatever may have been sent has had its time: a restored ledger has forgotten payments.
          next_due_at_ms: now + parts.timing.notFoundCountsFromMs,
          cancel_standing: 'none',
          not_found_late: 0,
          gateway_reachable: 1,
          offer_by_merchant_minor: 0,
          offer_by_channel_minor: 0
        })
        .returningAll()
        .executeTakeFirstOrThrow();
      await appendEvent(trx, {
        at_ms: now,
        subject: 'attempt',
        subject_id: attemptId,
        order_id: orderId,
        what: 'attempt_voided',
        actor: sender.staffName,
        to_state: 'void'
      });
      return row;
    },
    { repeatable: true }
  );
  if (answered.state === 'void') await raiseIfForgotten(parts, answered);
  return answered;
}

/**
 * Chromium re-sends a POST by itself when a kept connection dies: the same request gets the same answer.
 *
 * @param options.ours what is bought, where this request itself inserted the row and only the commit's answer was lost:
 *   its submit is still to be sent. Should another request have inserted it after all, one of the two finds it sent.
 */
function answerAgain(options: {
  known: AttemptRow;
  requestDigest: string;
  ours: string | null;
}): RequestResult {
  const { known, requestDigest, ours } = options;
  if (known.state === 'void') {
    return refuse(
      'attempt_void',
      'This payment was given up before it arrived. No money moved. Scan a new code.'
    );
  }
  if (known.request_digest !== requestDigest) {
    return refuse(
      'attempt_conflict',
      'This payment is already under way with other contents. Nothing new was sent. Look at its state.'
    );
  }
  return { ok: true, row: known, fresh: ours !== null && known.state === 'intent', description: ours ?? '' };
}

async function whyNotPayable(options: {
  trx: LedgerTransaction;
  request: RequestPayment;
  /** The total less what was tendered in cash or on another machine. */
  dueMinor: number;
}): Promise<Refusal | null> {
  const { trx, request, dueMinor } = options;
  const attempts = await trx
    .selectFrom('attempts')
    .selectAll()
    .where('order_id', '=', request.orderId)
    .execute();
  // One that a manager set aside is asked about as before, and holds the order no longer (money rule 13).
  const open = attempts.find((attempt) => isOpen(attempt.state) && attempt.set_aside_at_ms === null);
  if (open !== undefined) {
    return refuseHeld({
      trx,
      open,
      detail: 'A payment for this order is still open. Nothing new was sent. Wait for its end.'
    });
  }
  // Late money is the shopper's until a manager decides, but it is in: asking again would charge twice.
  const paid = attempts
    .filter((attempt) => isMoneyIn(attempt.state) || attempt.state === 'paid_late')
    .reduce((sum, attempt) => sum + attempt.amount_minor, 0);
  const rest = dueMinor - paid;
  if (rest <= 0)
    return refuse('already_paid', 'This order is already paid. Nothing new was sent. Start the next order.');
  if (request.amountMinor > rest) {
    return refuse(
      'amount_too_high',
      'The amount is more than is left to pay. No money moved. Reload this page.',
      {
        restMinor: rest
      }
    );
  }
  return null;
}

async function codeWasUsed(options: {
  trx: LedgerTransaction;
  codeDigest: string;
  sinceMs: number;
}): Promise<boolean> {
  const row = await options.trx
    .selectFrom('attempts')
    .select('id')
    .where('code_digest', '=', options.codeDigest)
    .where('created_at_ms', '>=', options.sinceMs)
    .executeTakeFirst();
  return row !== undefined;
}
