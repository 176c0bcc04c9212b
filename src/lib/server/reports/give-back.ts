/** An admin gives money back: they prove who they are, here, before a refund is written down. */
import type { RequestRefund, WantedRefund } from '$lib/wire/refunds';
import type { StepUpAsked, StepUpDone, StepUps } from '../identity/step-up';
import type { Ledger } from '../ledger/ledger';
import { appendEvent } from '../payments/change-attempt';
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
  const { staff } = from;
  const proved = await stepUps.prove({
    ...from,
    amountMinor: wanted.amountMinor,
    leastRole: 'admin',
    proof: { password, pin }
  });
  if (proved.ok) {
    return payments.requestRefund({
      staff: { staffId: staff.staffId, staffName: staff.name },
      request: wanted,
      confirmedBy: proved.by
    });
  }
  // a page that did not ask has tried nothing
  if (proved.code !== 'proof_needed')
    await recordRefusal({ ledger, staff, request: wanted, why: proved.code });
  return proved;
}

async function recordRefusal({
  ledger,
  staff,
  request,
  why
}: {
  readonly ledger: Ledger;
  readonly staff: StepUpAsked['staff'];
  readonly request: WantedRefund;
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
