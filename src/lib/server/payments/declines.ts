/**
 * Declines by remedy: what a cashier can do about a code that says why a payment did not come.
 *
 * CodePay publishes no list of `trans_error_code`; the table grows from real answers. A code that is not in it is
 * `other`: its text is shown as the gateway sent it.
 */
import type { Remedy } from '$lib/payment/remedy';

const remedyByCode: ReadonlyMap<string, Remedy> = new Map([
  ['E10007', 'fresh_code'],
  ['SBX_INVALID_CODE', 'fresh_code'],
  ['SBX_AMOUNT_LIMIT', 'other_card'],
  ['SBX_DECLINED', 'other_card'],
  ['SBX_SHOPPER_REFUSED', 'shopper_stopped'],
  ['SBX_WALLET_NOT_TAKEN', 'wallet_not_taken'],
  ['SBX_REPEAT', 'look_first'],
  ['SBX_EXPIRED', 'try_again'],
  ['SBX_CLOCK', 'shop_fault'],
  ['SBX_SIGNATURE', 'shop_fault'],
  ['SBX_MERCHANT', 'shop_fault']
]);

/** @param code `trans_error_code` of a closed payment, or the code of a refused submit; null where none was given */
export function declineRemedy(code: string | null): Remedy {
  return code === null ? 'try_again' : (remedyByCode.get(code) ?? 'other');
}
