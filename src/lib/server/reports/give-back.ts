/** An admin gives money back, confirmed by the password: checked here, before a refund is written down. */
import type { RequestRefund } from '$lib/wire/refunds';
import type { ProblemCode } from '$lib/wire/problems';
import type { Staff } from '$lib/wire/shop';
import type { StaffDirectory } from '../identity/staff';
import type { Ledger } from '../ledger/ledger';
import { appendEvent } from '../payments/change-attempt';
import type { Payments } from '../payments/payments';
import type { RefundResult } from '../payments/request-refund';

export type GiveBackResult =
  | RefundResult
  | {
      readonly ok: false;
      readonly code: Extract<ProblemCode, 'wrong_password' | 'too_many_tries'>;
      readonly detail: string;
      readonly extra?: Record<string, unknown>;
    };

/**
 * Asks for the password, then for the refund. A wrong password is kept in the order's record, and nothing else happens.
 */
export async function giveBack({
  ledger,
  payments,
  directory,
  staff,
  request
}: {
  readonly ledger: Ledger;
  readonly payments: Pick<Payments, 'requestRefund'>;
  readonly directory: Pick<StaffDirectory, 'verifyPassword'>;
  readonly staff: Staff;
  readonly request: RequestRefund;
}): Promise<GiveBackResult> {
  const { password, ...wanted } = request;
  const check = await directory.verifyPassword({ staffId: staff.staffId, password });
  if (check.ok) {
    return payments.requestRefund({
      staff: { staffId: staff.staffId, staffName: staff.name },
      request: wanted
    });
  }
  await recordRefusal({ ledger, staff, request: wanted, why: check.reason });
  if (check.reason === 'wrong_password') {
    return {
      ok: false,
      code: 'wrong_password',
      detail: 'The password is not right. No refund was made. Type your own password again.'
    };
  }
  const seconds = Math.ceil(check.waitMs / 1000);
  return {
    ok: false,
    code: 'too_many_tries',
    detail: `The password was wrong too often. No refund was made. Try again in ${seconds} s.`,
    extra: { seconds }
  };
}

async function recordRefusal({
  ledger,
  staff,
  request,
  why
}: {
  readonly ledger: Ledger;
  readonly staff: Staff;
  readonly request: Omit<RequestRefund, 'password'>;
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
