/** The shop's registers for whoever looks after them: the list, names, one-time codes, and the end of one. */
import { createHash, randomInt } from 'node:crypto';
import { isoTime } from '$lib/server/payments/views';
import type { Ledger, LedgerTransaction } from '$lib/server/ledger/ledger';
import type { EnrolCode, RegisterRow } from '$lib/wire/registers';

/** Without letters and digits that look alike. */
const alphabet = '23456789ABCDEFGHJKMNPQRSTVWXYZ';
const codeLength = 8;
const codeLifeMs = 15 * 60_000;
const seenEveryMs = 30_000;

export interface RegisterBook {
  list(): Promise<RegisterRow[]>;
  /** A code that is good once, within a quarter of an hour; an older one of this register is none any more. */
  makeCode(as: { readonly registerId: string; readonly by: string }): Promise<EnrolCode | null>;
  /** @returns false where there is no such register */
  rename(as: { readonly registerId: string; readonly name: string; readonly by: string }): Promise<boolean>;
  /** No browser can be it any more. Its orders and its journal stay, and what it still holds is taken. */
  retire(as: { readonly registerId: string; readonly by: string }): Promise<boolean>;
  /** Notes that it was here, not more often than every half minute. */
  seen(registerId: string): Promise<void>;
}

export function createRegisterBook({
  ledger,
  newCode = randomCode
}: {
  readonly ledger: Ledger;
  readonly newCode?: () => string;
}): RegisterBook {
  const seenAtMs = new Map<string, number>();

  /** Changes a register that is not retired, and writes down who did it. */
  async function change(
    as: { registerId: string; by: string; what: string; message: string | null },
    set: { name: string } | { retired_at_ms: number }
  ): Promise<boolean> {
    return ledger.transaction(async (trx) => {
      const row = await trx
        .updateTable('registers')
        .set(set)
        .where('id', '=', as.registerId)
        .where('retired_at_ms', 'is', null)
        .returning('code')
        .executeTakeFirst();
      if (row === undefined) return false;
      await note(trx, { ...as, now: ledger.nowMs() });
      return true;
    });
  }

  return {
    async list() {
      const rows = await ledger.db.selectFrom('registers').selectAll().execute();
      const heads = await ledger.db.selectFrom('journal_heads').selectAll().execute();
      return rows
        .map((row): RegisterRow => {
          const own = heads.filter((head) => head.register_id === row.id);
          const received = own.flatMap((head) => head.received_at_ms ?? []);
          return {
            registerId: row.id,
            code: row.code,
            name: row.name,
            epoch: row.epoch,
            enrolledAt: isoTime(row.enrolled_at_ms),
            enrolledBy: row.enrolled_by,
            lastSeenAt: row.last_seen_at_ms === null ? null : isoTime(row.last_seen_at_ms),
            waiting: own.reduce((sum, head) => sum + head.waiting, 0),
            lastReceivedAt: received.length === 0 ? null : isoTime(Math.max(...received)),
            stopped: own.some((head) => head.epoch === row.epoch && head.stopped_seq !== null),
            retiredAt: row.retired_at_ms === null ? null : isoTime(row.retired_at_ms)
          };
        })
        .toSorted(
          (one, other) =>
            Number(one.retiredAt !== null) - Number(other.retiredAt !== null) ||
            one.code.length - other.code.length ||
            one.code.localeCompare(other.code)
        );
    },
    async makeCode({ registerId, by }) {
      const code = newCode();
      const made = await ledger.transaction(async (trx) => {
        const now = ledger.nowMs();
        const row = await trx
          .selectFrom('registers')
          .select('code')
          .where('id', '=', registerId)
          .where('retired_at_ms', 'is', null)
          .executeTakeFirst();
        if (row === undefined) return null;
        await trx
          .updateTable('enrol_codes')
          .set({ expires_at_ms: now })
          .where('register_id', '=', registerId)
          .where('used_at_ms', 'is', null)
          .where('expires_at_ms', '>', now)
          .execute();
        await trx
          .insertInto('enrol_codes')
          .values({
            code_sha256: hashOfCode(code),
            register_id: registerId,
            made_by: by,
            made_at_ms: now,
            expires_at_ms: now + codeLifeMs,
            used_at_ms: null,
            used_by: null
          })
          .execute();
        await note(trx, { registerId, by, what: 'register_code_made', message: row.code, now });
        return now + codeLifeMs;
      });
      return made === null
        ? null
        : { code: `${code.slice(0, 4)}-${code.slice(4)}`, expiresAt: isoTime(made) };
    },
    rename: ({ registerId, name, by }) =>
      change({ registerId, by, what: 'register_renamed', message: name }, { name }),
    retire: ({ registerId, by }) =>
      change({ registerId, by, what: 'register_retired', message: null }, { retired_at_ms: ledger.nowMs() }),
    async seen(registerId) {
      const now = ledger.nowMs();
      if (now - (seenAtMs.get(registerId) ?? -seenEveryMs) < seenEveryMs) return;
      seenAtMs.set(registerId, now);
      await ledger.db
        .updateTable('registers')
        .set({ last_seen_at_ms: now })
        .where('id', '=', registerId)
        .execute();
    }
  };
}

/**
 * The register of a code that is still good, and that it is used up from here on.
 *
 * @returns null for one that is wrong, used or too old
 */
export async function takeEnrolCode(
  trx: LedgerTransaction,
  { code, by, now }: { readonly code: string; readonly by: string; readonly now: number }
): Promise<{ readonly registerId: string; readonly madeBy: string } | null> {
  const row = await trx
    .updateTable('enrol_codes')
    .set({ used_at_ms: now, used_by: by })
    .where('code_sha256', '=', hashOfCode(code))
    .where('used_at_ms', 'is', null)
    .where('expires_at_ms', '>', now)
    .returning(['register_id', 'made_by'])
    .executeTakeFirst();
  return row === undefined ? null : { registerId: row.register_id, madeBy: row.made_by };
}

async function note(
  trx: LedgerTransaction,
  as: { registerId: string; by: string; what: string; message: string | null; now: number }
): Promise<void> {
  await trx
    .insertInto('events')
    .values({
      at_ms: as.now,
      subject: 'register',
      subject_id: as.registerId,
      what: as.what,
      actor: as.by,
      message: as.message
    })
    .execute();
}

function randomCode(): string {
  return Array.from({ length: codeLength }, () => alphabet[randomInt(alphabet.length)]).join('');
}

/** As people type it: small letters, with spaces or without the dash. */
function hashOfCode(code: string): string {
  const plain = code.toUpperCase().replaceAll(/[^0-9A-Z]/g, '');
  return createHash('sha256').update(plain).digest('hex');
}
