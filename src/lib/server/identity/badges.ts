/**
 * Badges: a card whose code lets its person in at an enrolled register that is locked, as their PIN would. The code is made
 * here, is told once, and is kept as a digest with the server's own key; wrong ones are counted as wrong PINs are.
 */
import { createHmac, randomBytes } from 'node:crypto';
import type { Ledger } from '$lib/server/ledger/ledger';
import type { Staff } from '$lib/wire/shop';
import { byBadge, createPinTries } from './pin-tries';

export type BadgeCheck =
  | { readonly ok: true; readonly staff: Staff }
  | { readonly ok: false; readonly reason: 'wrong_badge' }
  | { readonly ok: false; readonly reason: 'too_many_tries'; readonly waitMs: number };

export interface Badges {
  /** Whose badge is good. */
  holders(): Promise<ReadonlySet<string>>;
  /** Makes one; the person's badge before it is none any more. @returns what stands on the card: it is told only now */
  make(of: { readonly staffId: string }): Promise<string>;
  takeAway(of: { readonly staffId: string }): Promise<void>;
  /**
   * Counts the try before it looks.
   *
   * @param of.find null for who may not sign in: their badge is answered, and counted, as a wrong one
   */
  verify(of: {
    readonly badge: string;
    readonly registerId: string;
    readonly find: (staffId: string) => Promise<Staff | null>;
  }): Promise<BadgeCheck>;
}

/** Crockford's: no letter that is read as another or as a digit. */
const alphabet = '0123456789ABCDEFGHJKMNPQRSTVWXYZ';
/** 80 bits: nobody finds one by trying, and the bars stay wide enough for a plain scanner on a card. */
const characters = 16;

export function createBadges({
  ledger,
  key
}: {
  readonly ledger: Ledger;
  /** The server's own: without it the digests can't be searched. */
  readonly key: Buffer;
}): Badges {
  const tries = createPinTries({ ledger });
  const digestOf = (badge: string) => createHmac('sha256', key).update(badge).digest('base64');

  return {
    async holders() {
      const rows = await ledger.db.selectFrom('badges').select('staff_id').execute();
      return new Set(rows.map((row) => row.staff_id));
    },

    async make({ staffId }) {
      const badge = `STAFF-${[...randomBytes(characters)].map((byte) => alphabet[byte % 32]).join('')}`;
      const made = { digest: digestOf(badge), made_at_ms: ledger.nowMs() };
      await ledger.db
        .insertInto('badges')
        .values({ staff_id: staffId, ...made })
        .onConflict((conflict) => conflict.column('staff_id').doUpdateSet(made))
        .execute();
      return badge;
    },

    async takeAway({ staffId }) {
      await ledger.db.deleteFrom('badges').where('staff_id', '=', staffId).execute();
    },

    async verify({ badge, registerId, find }) {
      const tried = { staffId: byBadge, registerId };
      const waitMs = await tries.take(tried);
      if (waitMs > 0) return { ok: false, reason: 'too_many_tries', waitMs };
      // the digest has the server's key in it: how far it fits another one tells nothing
      const row = await ledger.db
        .selectFrom('badges')
        .select('staff_id')
        .where('digest', '=', digestOf(badge))
        .executeTakeFirst();
      const staff = row === undefined ? null : await find(row.staff_id);
      if (staff === null) return { ok: false, reason: 'wrong_badge' };
      await tries.forgive(tried);
      return { ok: true, staff };
    }
  };
}
