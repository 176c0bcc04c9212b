/**
 * A notification may be there before what it is about: another instance had not committed that yet, or it is learned from a
 * journal later. Each side writes first and looks for the other afterwards, so one of the two always finds the other.
 */
import type { LedgerTransaction } from '../ledger/ledger';

/**
 * Matches what waits under this number. To be asked by a commit that comes after the one in which the payment or refund
 * was written down.
 *
 * @returns true: something was waiting, and a query is due at once
 */
export async function matchWaiting(options: {
  trx: LedgerTransaction;
  merchantOrderNo: string;
  with: 'attempt' | 'refund';
}): Promise<boolean> {
  const { trx, merchantOrderNo } = options;
  const waited = await trx
    .updateTable('inbox')
    .set({ matched: options.with })
    .where('merchant_order_no', '=', merchantOrderNo)
    .where('matched', 'is', null)
    .returning('id')
    .execute();
  return waited.length > 0;
}
