/** Cash that goes into or out of a drawer without a sale: as a register sends it, and as its journal tells of it. */
import type { MoveCash } from '$lib/wire/cash';
import type { Ledger, LedgerTransaction } from '../ledger/ledger';
import { appendEvent } from '../payments/change-attempt';
import { counterTimeMs, shopDayOf } from '../payments/counter-time';
import { allOrNothing, refuse, type Refusal, type Sender } from '../payments/store-order';

/** Keeps a movement that a register has journaled. The same one sent again is kept once. */
export async function moveCash({
  ledger,
  sender,
  request
}: {
  readonly ledger: Ledger;
  readonly sender: Pick<Sender, 'registerId' | 'aheadMs'>;
  readonly request: MoveCash;
}): Promise<{ readonly ok: true } | Refusal> {
  return allOrNothing(ledger, (trx) => keepMovement({ trx, sender, request, now: ledger.nowMs() }));
}

/** @param options.now the ledger's clock */
export async function keepMovement({
  trx,
  sender,
  request,
  now
}: {
  readonly trx: LedgerTransaction;
  readonly sender: Pick<Sender, 'registerId' | 'aheadMs'>;
  readonly request: MoveCash;
  readonly now: number;
}): Promise<{ readonly ok: true } | Refusal> {
  const shop = await trx.selectFrom('shop').selectAll().executeTakeFirstOrThrow();
  const needsAmount = request.kind !== 'no_sale';
  if (request.currency !== shop.currency || needsAmount !== request.amountMinor > 0) {
    return refuse(
      'bad_request',
      'This is no amount of cash of this shop. Nothing was changed. Reload this page and try again.'
    );
  }
  const atMs = counterTimeMs({ at: request.at, now, aheadMs: sender.aheadMs });
  const inserted = await trx
    .insertInto('cash_movements')
    .values({
      id: request.movementId,
      kind: request.kind,
      register_id: sender.registerId,
      amount_minor: request.amountMinor,
      why: request.why,
      staff_id: request.by.staffId,
      staff_name: request.by.name,
      at_ms: atMs,
      business_day: shopDayOf({ atMs, shop }),
      received_at_ms: now
    })
    // the request and the journal tell of the same movement, perhaps at the same time
    .onConflict((conflict) => conflict.column('id').doNothing())
    .returning('id')
    .executeTakeFirst();
  if (inserted === undefined) {
    const known = await trx
      .selectFrom('cash_movements')
      .select(['kind', 'amount_minor', 'register_id'])
      .where('id', '=', request.movementId)
      .executeTakeFirst();
    const same =
      known?.kind === request.kind &&
      known.amount_minor === request.amountMinor &&
      known.register_id === sender.registerId;
    return same
      ? { ok: true }
      : refuse('order_conflict', 'This id belongs to other cash. Nothing was changed.');
  }
  await appendEvent(trx, {
    at_ms: now,
    subject: 'register',
    subject_id: sender.registerId,
    what: `cash_${request.kind}`,
    actor: request.by.name,
    amount_minor: request.amountMinor,
    message: request.why
  });
  return { ok: true };
}
