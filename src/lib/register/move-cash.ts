import type { CashMoved } from '$lib/journal/entries';
import type { Api } from './api';
import { noDrawer } from './drawer';
import type { Station } from './station.svelte';
import { isoNow, type Clock, type NewId } from './ports';
import { untilHeard } from './until-heard';

/**
 * Writes cash down that goes into or out of the drawer without a sale, first onto the disk; then the server hears of it,
 * until it has.
 *
 * @returns false where it could not be written down: then the money must not move
 */
export async function moveCash({
  api,
  clock,
  newId,
  station,
  movement
}: {
  readonly api: Pick<Api, 'moveCash'>;
  readonly clock: Clock;
  readonly newId: NewId;
  readonly station: Pick<Station, 'journal' | 'running' | 'shopSession'>;
  readonly movement: Pick<CashMoved, 'kind' | 'amountMinor' | 'why'>;
}): Promise<boolean> {
  const { journal, running: signal } = station;
  const { session, cashier } = station.shopSession;
  // money that is no sale is nobody's whom the server does not know
  if (journal === null || session === null || !cashier.proven) return false;
  const moved: CashMoved = {
    ...movement,
    currency: session.shop.currency,
    by: cashier.actor,
    movementId: newId(),
    at: isoNow(clock)
  };
  const written = await journal.append([{ kind: 'cash_moved', orderId: null, body: moved }], {
    strict: true
  });
  if (!written.ok) return false;
  const sent = await noDrawer.kick().catch(() => false);
  await journal.append([{ kind: 'drawer_kicked', orderId: null, body: { why: 'cash_moved', sent } }]);
  void untilHeard({ tell: () => api.moveCash(moved), clock, signal });
  return true;
}
