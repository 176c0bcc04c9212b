/** The refusal of what an open payment stands in the way of: with who holds the order, by id and by name. */
import type { LedgerTransaction } from '../ledger/ledger';
import type { AttemptRow } from './parts';
import { refuse, type Refusal } from './store-order';

/**
 * @param open the payment that holds the order
 * @param detail for people: what happened, whether money moved, what to do
 */
export async function refuseHeld({
  trx,
  open,
  detail
}: {
  readonly trx: LedgerTransaction;
  readonly open: Pick<AttemptRow, 'id' | 'register_id'>;
  readonly detail: string;
}): Promise<Refusal> {
  const holder = await trx
    .selectFrom('registers')
    .select('name')
    .where('id', '=', open.register_id)
    .executeTakeFirst();
  return refuse('order_busy', detail, {
    attemptId: open.id,
    heldBy: open.register_id,
    ...(holder === undefined ? {} : { heldByName: holder.name })
  });
}
