/** An admin gives money back: they prove who they are, here, before a refund is written down. */
import type { PayRefundInCash, Proof, RequestRefund, WantedRefund } from '$lib/wire/refunds';
import { stepUpMs, type StepUpAsked, type StepUpDone, type StepUps } from '../identity/step-up';
import type { Ledger } from '../ledger/ledger';
import { appendEvent } from '../payments/change-attempt';
import { askedBackMinor, refundedMinor } from '../payments/order-money';
import { refuse, type Refusal } from '../payments/store-order';
import type { Payments } from '../payments/payments';
import type { RefundResult } from '../payments/request-refund';

export type GiveBackResult = RefundResult | Exclude<StepUpDone, { readonly ok: true }>;

/**
 * Asks for the proof, then for the refund. A wrong password or PIN is kept in the order's record, and nothing else happens.
 */
export async function giveBack({
  ledger,
  payments,
  stepUps,
  from,
  request
}: {
  readonly ledger: Ledger;
  readonly payments: Pick<Payments, 'requestRefund'>;
  readonly stepUps: Pick<StepUps, 'prove'>;
  readonly from: Pick<StepUpAsked, 'staff' | 'sessionId' | 'register'>;
  readonly request: RequestRefund;
}): Promise<GiveBackResult> {
  const { password, pin, ...wanted } = request;
  const proved = await prove({ ledger, stepUps, from, wanted, proof: { password, pin } });
  if (!proved.ok) return proved;
  return payments.requestRefund({
    staff: { staffId: from.staff.staffId, staffName: from.staff.name },
    request: wanted,
    confirmedBy: proved.by
  });
}

/** The same for a refund that failed and is paid out of the drawer instead. */
export async function giveBackInCash({
  ledger,
  payments,
  stepUps,
  from,
  refundId,
  request
}: {
  readonly ledger: Ledger;
  readonly payments: Pick<Payments, 'payRefundInCash'>;
  readonly stepUps: Pick<StepUps, 'prove'>;
  readonly from: Pick<StepUpAsked, 'staff' | 'sessionId' | 'register'>;
  readonly refundId: string;
  readonly request: PayRefundInCash;
}): Promise<GiveBackResult | Refusal> {
  const { password, pin, ...payout } = request;
  const refund = await ledger.db
    .selectFrom('refunds')
    .select('attempt_id')
    .where('id', '=', refundId)
    .executeTakeFirst();
  if (refund === undefined)
    return refuse('not_found', 'There is no such refund. No cash may be given. Find the order again.');
  const wanted = { refundId, attemptId: refund.attempt_id, amountMinor: request.amountMinor };
  const proved = await prove({ ledger, stepUps, from, wanted, proof: { password, pin } });
  if (!proved.ok) return proved;
  return payments.payRefundInCash({
    staff: { staffId: from.staff.staffId, staffName: from.staff.name },
    registerId: from.register?.registerId ?? null,
    refundId,
    request: payout,
    confirmedBy: proved.by
  });
}

/** What was tried in vain stays in the order's record. */
async function prove({
  ledger,
  stepUps,
  from,
  wanted,
  proof
}: {
  readonly ledger: Ledger;
  readonly stepUps: Pick<StepUps, 'prove'>;
  readonly from: Pick<StepUpAsked, 'staff' | 'sessionId' | 'register'>;
  readonly wanted: Pick<WantedRefund, 'refundId' | 'attemptId' | 'amountMinor'>;
  readonly proof: Proof;
}): Promise<StepUpDone> {
  const { staff } = from;
  const amountMinor = await amountToProve({ ledger, staff, wanted });
  const proved = await stepUps.prove({ ...from, amountMinor, leastRole: 'admin', proof });
  // a page that did not ask has tried nothing
  if (!proved.ok && proved.code !== 'proof_needed')
    await recordRefusal({ ledger, staff, request: wanted, why: proved.code });
  return proved;
}

/**
 * The amount that a proof is asked for: with what goes back already of the same order, and with what the same person gave
 * back by any order since a proof is remembered. Many small refunds pass no limit that one large one can't.
 *
 * @param wanted.refundId the refund itself, which counts once where it is asked for again
 */
export async function amountToProve({
  ledger,
  staff,
  wanted
}: {
  readonly ledger: Ledger;
  readonly staff: Pick<StepUpAsked['staff'], 'staffId'>;
  readonly wanted: Pick<WantedRefund, 'attemptId' | 'amountMinor'> & { readonly refundId?: string };
}): Promise<number> {
  const { db } = ledger;
  const attempt = await db
    .selectFrom('attempts')
    .select('order_id')
    .where('id', '=', wanted.attemptId)
    .executeTakeFirst();
  const orderId = attempt?.order_id ?? '';
  const refunds = await db
    .selectFrom('refunds')
    .select(['id', 'state', 'amount_minor', 'given_back_minor', 'cash_id'])
    .where((where) =>
      where.or([
        where('order_id', '=', orderId),
        where.and([
          where('staff_id', '=', staff.staffId),
          where('created_at_ms', '>', ledger.nowMs() - stepUpMs)
        ]),
        where.and([
          where('cash_staff_id', '=', staff.staffId),
          where('cash_at_ms', '>', ledger.nowMs() - stepUpMs)
        ])
      ])
    )
    .execute();
  const others = refunds.filter(({ id }) => id !== wanted.refundId);
  const returned = await db
    .selectFrom('tender_returns')
    .select(({ fn }) => fn.sum<number>('amount_minor').as('minor'))
    .where('order_id', '=', orderId)
    .executeTakeFirst();
  return wanted.amountMinor + refundedMinor(others) + askedBackMinor(others) + Number(returned?.minor ?? 0);
}

async function recordRefusal({
  ledger,
  staff,
  request,
  why
}: {
  readonly ledger: Ledger;
  readonly staff: StepUpAsked['staff'];
  readonly request: Pick<WantedRefund, 'refundId' | 'attemptId' | 'amountMinor'>;
  readonly why: 'wrong_password' | 'too_many_tries';
}): Promise<void> {
  await ledger.transaction(async (trx) => {
    const attempt = await trx
      .selectFrom('attempts')
      .select('order_id')
      .where('id', '=', request.attemptId)
      .executeTakeFirst();
    await appendEvent(trx, {
      at_ms: ledger.nowMs(),
      subject: 'refund',
      subject_id: request.refundId,
      order_id: attempt?.order_id ?? null,
      what: 'refund_not_confirmed',
      actor: staff.name,
      amount_minor: request.amountMinor,
      message: why
    });
  });
}
