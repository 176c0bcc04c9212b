/** Before anybody decides about late money, the gateway is asked once more: it may have gone back by itself. */
import { setTimeout as delay } from 'node:timers/promises';
import type { AttemptRow, PaymentParts } from '../payments/parts';
import { refuse, type Refusal } from '../payments/store-order';
import { dueNow } from '../payments/when-due';

/** How often the row is looked at while the worker asks, perhaps in another process. */
const lookAgainMs = 200;

export type Confirmed = { readonly ok: true; readonly row: AttemptRow } | Refusal;

/**
 * Has the worker ask, and waits for what a query says that began after this call (money rule 9: nobody else asks).
 *
 * @returns the payment as it stands; not confirmed where the gateway says something else or nothing in time. A payment
 * that holds no late money is given back as it is: the caller's own rules decide.
 */
export async function confirmLateMoney(options: {
  readonly parts: PaymentParts;
  readonly attemptId: string;
  readonly withinMs: number;
}): Promise<Confirmed> {
  const { parts, attemptId, withinMs } = options;
  const found = await readAttempt(parts, attemptId);
  if (found === undefined) return refuse('not_found', 'There is no such payment. No money moved.');
  if (found.state !== 'paid_late') return { ok: true, row: found };
  const wantedAtMs = parts.ledger.nowMs();
  await parts.ledger.db.updateTable('attempts').set(dueNow(wantedAtMs)).where('id', '=', attemptId).execute();
  parts.wake();
  const giveUp = AbortSignal.timeout(withinMs);
  let row = found;
  while (!giveUp.aborted) {
    const change = parts.changes.next({ id: attemptId, withinMs: lookAgainMs, signal: giveUp });
    row = (await readAttempt(parts, attemptId)) ?? found;
    if (row.state !== 'paid_late') return { ok: true, row };
    if ((row.late_confirmed_at_ms ?? 0) >= wantedAtMs) return { ok: true, row };
    if (
      row.ask_wanted_at_ms === null &&
      row.lease_owner === null &&
      (row.last_asked_at_ms ?? 0) >= wantedAtMs
    ) {
      break;
    }
    await change;
    // A clock that the tests stand still must not make this a tight loop.
    await delay(1);
  }
  return refuse(
    'not_confirmed',
    row.gateway_reachable === 1
      ? 'The wallet did not say just now that this money is here. Nothing was changed, no money moved. Look at what it answered, then try again.'
      : "The wallet can't be reached, so this money could not be confirmed. Nothing was changed, no money moved. Try again in a minute."
  );
}

function readAttempt(parts: PaymentParts, id: string): Promise<AttemptRow | undefined> {
  return parts.ledger.db.selectFrom('attempts').selectAll().where('id', '=', id).executeTakeFirst();
}
