/**
 * Wrong PINs and badges: counted in the database, by person and register, with a growing delay. A restart forgets nothing.
 */
import type { Ledger, LedgerTransaction } from '$lib/server/ledger/ledger';

/** Whose try it is, and where. */
interface Tried {
  /** For a badge {@link byBadge}: whose a wrong one should have been, nobody knows. */
  readonly staffId: string;
  readonly registerId: string;
}

export interface PinTries {
  /** @returns 0 where the try is allowed; it is then counted as wrong until it is forgiven. Else how long to wait, in ms */
  take(of: Tried): Promise<number>;
  /** It was right: the person's row of wrong ones ends, and the try is taken out of the register's count. */
  forgive(of: Tried): Promise<void>;
}

/** Stands for the person where a badge is tried. No id of a person looks like it. */
export const byBadge = '*badge';

/** Wrong tries of one person on one register, in a row. A slip costs nothing, a search takes years. */
const personDelaysMs = [0, 0, 0, 5_000, 15_000, 60_000, 300_000, 900_000] as const;
/** All wrong tries on one register: nobody goes through the whole staff there. */
const registerFree = 10;
const registerDelaysMs = [30_000, 60_000, 300_000, 900_000] as const;
/** So long after the last wrong try a register's count begins anew. A person's does only after a right one. */
const registerForgetsMs = 900_000;
const anybody = '*';

export function createPinTries({ ledger }: { readonly ledger: Ledger }): PinTries {
  return {
    take: (of) => ledger.transaction((trx) => takeTry({ trx, ...of, now: ledger.nowMs() })),
    forgive: (of) => ledger.transaction((trx) => forgive({ trx, ...of }))
  };
}

async function takeTry(options: {
  readonly trx: LedgerTransaction;
  readonly staffId: string;
  readonly registerId: string;
  readonly now: number;
}): Promise<number> {
  const { trx, staffId, registerId, now } = options;
  // In the same order everywhere; the register's row is locked for both. A lock holds only a row that is there: of the
  // first tries at once each would see none before it.
  const register = await lockTries({ trx, staffId: anybody, registerId, now });
  const person = await lockTries({ trx, staffId, registerId, now });
  const blockedUntil = Math.max(register?.blocked_until_ms ?? 0, person?.blocked_until_ms ?? 0);
  if (blockedUntil > now) return blockedUntil - now;
  const failures = (person?.failures ?? 0) + 1;
  await writeTries(trx, {
    staff_id: staffId,
    register_id: registerId,
    failures,
    last_at_ms: now,
    blocked_until_ms: now + (personDelaysMs[failures] ?? personDelaysMs[7])
  });
  const stale = register === undefined || now - register.last_at_ms > registerForgetsMs;
  const all = (stale ? 0 : register.failures) + 1;
  const over = all - registerFree;
  await writeTries(trx, {
    staff_id: anybody,
    register_id: registerId,
    failures: all,
    last_at_ms: now,
    blocked_until_ms: now + (over < 0 ? 0 : (registerDelaysMs[over] ?? registerDelaysMs[3]))
  });
  return 0;
}

async function forgive(options: {
  readonly trx: LedgerTransaction;
  readonly staffId: string;
  readonly registerId: string;
}): Promise<void> {
  const { trx, staffId, registerId } = options;
  const register = await readTries(trx, anybody, registerId);
  if (register !== undefined && register.failures > 0) {
    const failures = register.failures - 1;
    await writeTries(trx, {
      ...register,
      failures,
      blocked_until_ms: failures < registerFree ? 0 : register.blocked_until_ms
    });
  }
  await trx
    .deleteFrom('pin_tries')
    .where('staff_id', '=', staffId)
    .where('register_id', '=', registerId)
    .execute();
}

async function lockTries({
  trx,
  staffId,
  registerId,
  now
}: {
  readonly trx: LedgerTransaction;
  readonly staffId: string;
  readonly registerId: string;
  readonly now: number;
}) {
  await trx
    .insertInto('pin_tries')
    .values({ staff_id: staffId, register_id: registerId, failures: 0, last_at_ms: now, blocked_until_ms: 0 })
    .onConflict((conflict) => conflict.columns(['staff_id', 'register_id']).doNothing())
    .execute();
  return readTries(trx, staffId, registerId);
}

function readTries(trx: LedgerTransaction, staffId: string, registerId: string) {
  return trx
    .selectFrom('pin_tries')
    .selectAll()
    .where('staff_id', '=', staffId)
    .where('register_id', '=', registerId)
    .forUpdate()
    .executeTakeFirst();
}

async function writeTries(
  trx: LedgerTransaction,
  row: {
    staff_id: string;
    register_id: string;
    failures: number;
    last_at_ms: number;
    blocked_until_ms: number;
  }
): Promise<void> {
  const { failures, last_at_ms, blocked_until_ms } = row;
  await trx
    .insertInto('pin_tries')
    .values(row)
    .onConflict((conflict) =>
      conflict.columns(['staff_id', 'register_id']).doUpdateSet({ failures, last_at_ms, blocked_until_ms })
    )
    .execute();
}
