/** Attempts for the screens: one, one as soon as it changes, or all that a register has open. */
import { isOpen, openAttemptStates } from '$lib/payment/states';
import type { AttemptView } from '$lib/wire/payments';
import type { Ledger } from '../ledger/ledger';
import type { AttemptRow } from './parts';
import type { Payments } from './payments';
import { remedyOf, viewAttempt } from './views';

/** A waiting request is answered at the latest after this. */
const longestWaitMs = 10_000;

interface Source {
  readonly ledger: Ledger;
  readonly payments: Pick<Payments, 'changes' | 'timing'>;
}

/**
 * The attempt, once its version is above `after`, or when the wait is over.
 *
 * @returns null for an id that the ledger does not know
 */
export async function readAttempt(
  options: Source & { id: string; after: number | null; waitMs: number; signal?: AbortSignal }
): Promise<AttemptView | null> {
  const { id, after, signal } = options;
  const waitMs = Math.min(longestWaitMs, Math.max(0, options.waitMs));
  // Listening begins before reading: a change between the two is not missed.
  const answered = new AbortController();
  const signals = signal === undefined ? [answered.signal] : [answered.signal, signal];
  const change = options.payments.changes.next({
    id,
    withinMs: waitMs,
    signal: AbortSignal.any(signals)
  });
  try {
    const now = await findAttempt(options, id);
    if (now === null || after === null || now.version > after || waitMs === 0) return now;
    await change;
    return await findAttempt(options, id);
  } finally {
    answered.abort();
  }
}

/** What this register has open, oldest first. */
export async function readOpenAttempts(options: Source & { registerId: string }): Promise<AttemptView[]> {
  const { ledger, registerId } = options;
  const rows = await ledger.db
    .selectFrom('attempts')
    .selectAll()
    .where('register_id', '=', registerId)
    .where('state', 'in', openAttemptStates)
    .orderBy('created_at_ms')
    .execute();
  return Promise.all(rows.map((row) => viewNow(options, row)));
}

/** An attempt as a register sees it now, with what a manager wrote about it (money rule 13). */
export async function viewNow({ ledger, payments }: Source, row: AttemptRow): Promise<AttemptView> {
  const charged = isOpen(row.state)
    ? await ledger.db
        .selectFrom('resolutions')
        .select('id')
        .where('attempt_id', '=', row.id)
        .where('resolution', '=', 'charged')
        .executeTakeFirst()
    : undefined;
  return viewAttempt({
    row,
    now: ledger.nowMs(),
    timing: payments.timing,
    writtenCharged: charged !== undefined,
    ...(remedyOf(row) === 'wallet_not_taken' ? { takenHere: await walletsTaken(ledger) } : {})
  });
}

const walletsNamed = 4;

/** What really came in here lately, by its own name: no list of a setting can be wrong about it. */
async function walletsTaken(ledger: Ledger): Promise<string[]> {
  const recent = ledger.db
    .selectFrom('attempts')
    .select('wallet')
    .where('state', 'in', ['succeeded', 'attached'])
    .where('wallet', 'is not', null)
    .orderBy('created_at_ms', 'desc')
    .limit(500)
    .as('recent');
  const rows = await ledger.db
    .selectFrom(recent)
    .select('wallet')
    .groupBy('wallet')
    .orderBy((of) => of.fn.countAll(), 'desc')
    .orderBy('wallet')
    .limit(walletsNamed)
    .execute();
  return rows.flatMap(({ wallet }) => (wallet === null ? [] : [wallet]));
}

async function findAttempt(source: Source, id: string): Promise<AttemptView | null> {
  const row = await source.ledger.db
    .selectFrom('attempts')
    .selectAll()
    .where('id', '=', id)
    .executeTakeFirst();
  return row === undefined ? null : viewNow(source, row);
}
