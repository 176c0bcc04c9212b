/**
 * PINs: a short way to say who stands at an enrolled register. Argon2id with the server's own key, tries counted in the
 * database by person and register with a growing delay, and one answer for every wrong try, whoever it was for.
 */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Ledger, LedgerTransaction } from '$lib/server/ledger/ledger';
import type { Role } from '$lib/wire/basics';

export type PinCheck =
  | { readonly ok: true }
  | { readonly ok: false; readonly reason: 'wrong_pin' }
  | { readonly ok: false; readonly reason: 'too_many_tries'; readonly waitMs: number };

/** Four digits are enough to sell; who may give money back or decide about it needs six. */
export function pinDigits(role: Role): number {
  return role === 'cashier' ? 4 : 6;
}

export interface Pins {
  /** Whose PIN is set, and how long it is. */
  lengths(): Promise<ReadonlyMap<string, number>>;
  /** The same, and since when. */
  known(): Promise<ReadonlyMap<string, { readonly digits: number; readonly setAtMs: number }>>;
  /** Null takes it away. Old tries are forgotten. */
  set(of: { readonly staffId: string; readonly pin: string | null }): Promise<void>;
  /**
   * Counts the try before it looks. A person without a PIN, or with one that is too short for their role, is answered as a
   * wrong one, after as much work.
   *
   * @param of.leastDigits what the person's role needs
   */
  verify(of: {
    readonly staffId: string;
    readonly registerId: string;
    readonly pin: string;
    readonly leastDigits: number;
  }): Promise<PinCheck>;
}

/** OWASP's second choice of parameters for Argon2id: 19 MiB, 2 passes, 1 lane; about 70 ms. */
const cost = { memory: 19_456, passes: 2, parallelism: 1, tagLength: 32 } as const;

/** Wrong tries of one person on one register, in a row. A slip costs nothing, a search takes years. */
const personDelaysMs = [0, 0, 0, 5_000, 15_000, 60_000, 300_000, 900_000] as const;
/** All wrong tries on one register: nobody goes through the whole staff there. */
const registerFree = 10;
const registerDelaysMs = [30_000, 60_000, 300_000, 900_000] as const;
/** So long after the last wrong try a register's count begins anew. A person's does only after a right one. */
const registerForgetsMs = 900_000;
const anybody = '*';

const derive = promisify(argon2);

export function createPins({
  ledger,
  key,
  digest = (pin, salt) => derive('argon2id', { ...cost, message: pin, nonce: salt, secret: key })
}: {
  readonly ledger: Ledger;
  /** The server's own: without it the digests can't be searched. */
  readonly key: Buffer;
  readonly digest?: (pin: string, salt: Buffer) => Promise<Buffer>;
}): Pins {
  const noSalt = Buffer.alloc(16);
  const nobodys = Buffer.alloc(cost.tagLength);

  return {
    async lengths() {
      return new Map([...(await this.known())].map(([staffId, { digits }]) => [staffId, digits]));
    },

    async known() {
      const rows = await ledger.db.selectFrom('pins').select(['staff_id', 'digits', 'set_at_ms']).execute();
      return new Map(rows.map((row) => [row.staff_id, { digits: row.digits, setAtMs: row.set_at_ms }]));
    },

    async set({ staffId, pin }) {
      const salt = randomBytes(16);
      const made = pin === null ? null : await digest(pin, salt);
      await ledger.transaction(
        async (trx) => {
          await trx.deleteFrom('pin_tries').where('staff_id', '=', staffId).execute();
          await trx.deleteFrom('pins').where('staff_id', '=', staffId).execute();
          if (pin === null || made === null) return;
          await trx
            .insertInto('pins')
            .values({
              staff_id: staffId,
              digest: made.toString('base64'),
              salt: salt.toString('base64'),
              digits: pin.length,
              set_at_ms: ledger.nowMs()
            })
            .execute();
        },
        { repeatable: true }
      );
    },

    async verify({ staffId, registerId, pin, leastDigits }) {
      const waitMs = await ledger.transaction((trx) =>
        takeTry({ trx, staffId, registerId, now: ledger.nowMs() })
      );
      if (waitMs > 0) return { ok: false, reason: 'too_many_tries', waitMs };
      const row = await ledger.db
        .selectFrom('pins')
        .selectAll()
        .where('staff_id', '=', staffId)
        .executeTakeFirst();
      const salt = row === undefined ? noSalt : Buffer.from(row.salt, 'base64');
      const wanted = row === undefined ? nobodys : Buffer.from(row.digest, 'base64');
      const equal = timingSafeEqual(await digest(pin, salt), wanted);
      if (!equal || row === undefined || row.digits < leastDigits) return { ok: false, reason: 'wrong_pin' };
      await ledger.transaction((trx) => forgive({ trx, staffId, registerId }));
      return { ok: true };
    }
  };
}

/** @returns 0 where the try is allowed; it is then counted as wrong until it is forgiven */
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

/** A right PIN ends the person's row of wrong ones, and takes its own try out of the register's count. */
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
