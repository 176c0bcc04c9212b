/**
 * PINs: a short way to say who stands at an enrolled register. Argon2id with the server's own key, tries counted in the
 * database, and one answer for every wrong try, whoever it was for.
 */
import { argon2, randomBytes, timingSafeEqual } from 'node:crypto';
import { promisify } from 'node:util';
import type { Ledger } from '$lib/server/ledger/ledger';
import type { Role } from '$lib/wire/basics';
import { createPinTries } from './pin-tries';

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
  const tries = createPinTries({ ledger });
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
      const waitMs = await tries.take({ staffId, registerId });
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
      await tries.forgive({ staffId, registerId });
      return { ok: true };
    }
  };
}
