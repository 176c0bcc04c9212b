/** Registers: which browsers may sell, known by a token that only they hold. */
import { createHash, randomBytes } from 'node:crypto';
import type { Selectable } from 'kysely';
import type { Ledger, LedgerTransaction } from '$lib/server/ledger/ledger';
import type { RegistersTable } from '$lib/server/ledger/schema';
import type { JournalSender } from '$lib/server/journal/journal-sender';
import type { Register } from '$lib/wire/shop';
import type { WriterStamp } from '$lib/wire/writer-stamp';
import { takeEnrolCode } from './register-book';

/** An enrolled register, and the token that its browser must keep. Only the token's SHA-256 stays here. */
export interface Enrolment {
  readonly register: Register;
  /** 256 random bits, base64url: for the httpOnly cookie, for nothing else. */
  readonly token: string;
}

/** Said of an epoch that no enrolment can have come to. */
export const wrongEpoch =
  'The journal in this browser names an epoch that cannot be, so it is broken. Nothing was enrolled, no money moved. Export the journal, clear this site’s data in the browser, then enrol it again.';

export interface RegisterDesk {
  /**
   * Enrols a browser: as a new register, or as an existing one anew. Anew raises the epoch and shuts the old browser
   * out, so that two browsers can never give out the same order number.
   *
   * @param name null: named after its code
   * @param registerId null for a new register
   * @param epochAbove an epoch that the browser's own journal knows of: the new one lies above it, also where this
   *   database was restored from a time before it
   * @returns null where there is no such register, or it was retired
   */
  enrol(as: {
    readonly name: string | null;
    readonly registerId: string | null;
    readonly by: string;
    readonly epochAbove?: number;
  }): Promise<Enrolment | null>;
  /**
   * Enrols a browser anew as the register for which a manager made a code.
   *
   * @param by who typed it in; the code's maker is written down beside
   * @returns null where the code is wrong, was used, or is too old
   */
  enrolByCode(as: {
    readonly code: string;
    readonly by: string;
    readonly epochAbove: number;
  }): Promise<Enrolment | null>;
  /** The register whose token this is, or null: also for one that was retired. */
  findByToken(token: string): Promise<Register | null>;
  /**
   * Whose journal a browser with this token may hand in: its register's, also where it was enrolled anew elsewhere since,
   * or retired. What happened at a counter is taken from whoever was that counter.
   */
  findJournalSender(token: string): Promise<JournalSender | null>;
  /**
   * Says whether this writer is still the newest one of its register, and remembers it. A tab that was frozen, replaced
   * by another one and woken again is refused by it; so is one that was left over from before an enrolment.
   *
   * @returns null where it may go on, else the problem's code
   */
  admitWriter(writer: {
    readonly register: Register;
    readonly stamp: WriterStamp;
  }): Promise<'register_replaced' | 'tab_replaced' | null>;
  /**
   * The highest sequence among the register's order numbers of its epoch; 0 where there are none. A browser that lost its
   * journal goes on after it, instead of giving a number out twice.
   */
  lastOrderSeq(register: Register): Promise<number>;
}

export function createRegisterDesk({
  ledger,
  newId = () => randomBytes(16).toString('hex'),
  newToken = () => randomBytes(32).toString('base64url')
}: {
  readonly ledger: Ledger;
  readonly newId?: () => string;
  readonly newToken?: () => string;
}): RegisterDesk {
  async function addRegister(
    trx: LedgerTransaction,
    { name, by, tokenSha256 }: { name: string | null; by: string; tokenSha256: string }
  ): Promise<Selectable<RegistersTable>> {
    const { count } = await trx
      .selectFrom('registers')
      .select((eb) => eb.fn.countAll<number>().as('count'))
      .executeTakeFirstOrThrow();
    const code = registerCode(count + 1);
    return trx
      .insertInto('registers')
      .values({
        id: newId(),
        code,
        name: name ?? code,
        epoch: 1,
        token_sha256: tokenSha256,
        enrolled_at_ms: ledger.nowMs(),
        enrolled_by: by
      })
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  async function enrolAnew(
    trx: LedgerTransaction,
    as: { registerId: string; name: string | null; by: string; tokenSha256: string; epochAbove: number }
  ): Promise<Selectable<RegistersTable> | undefined> {
    const before = await trx
      .selectFrom('registers')
      .selectAll()
      .where('id', '=', as.registerId)
      .where('retired_at_ms', 'is', null)
      .forUpdate()
      .executeTakeFirst();
    if (before === undefined) return undefined;
    await trx
      .insertInto('register_tokens')
      .values({
        token_sha256: before.token_sha256,
        register_id: before.id,
        epoch: before.epoch,
        replaced_at_ms: ledger.nowMs()
      })
      .execute();
    return trx
      .updateTable('registers')
      .set({
        epoch: Math.max(before.epoch, as.epochAbove) + 1,
        writer_term: 0,
        token_sha256: as.tokenSha256,
        enrolled_at_ms: ledger.nowMs(),
        enrolled_by: as.by,
        ...(as.name === null ? {} : { name: as.name })
      })
      .where('id', '=', before.id)
      .returningAll()
      .executeTakeFirstOrThrow();
  }

  async function noteEnrolled(
    trx: LedgerTransaction,
    enrolled: Selectable<RegistersTable>,
    by: string
  ): Promise<void> {
    await trx
      .insertInto('events')
      .values({
        at_ms: ledger.nowMs(),
        subject: 'register',
        subject_id: enrolled.id,
        what: 'register_enrolled',
        actor: by,
        message: `${enrolled.code}, epoch ${enrolled.epoch}`
      })
      .execute();
  }

  return {
    async enrol({ name, registerId, by, epochAbove = 0 }) {
      const token = newToken();
      const tokenSha256 = sha256(token);
      const row = await ledger.transaction(async (trx) => {
        const enrolled =
          registerId === null
            ? await addRegister(trx, { name, by, tokenSha256 })
            : await enrolAnew(trx, { registerId, name, by, tokenSha256, epochAbove });
        if (enrolled === undefined) return null;
        await noteEnrolled(trx, enrolled, by);
        return enrolled;
      });
      return row === null ? null : { register: registerOf(row), token };
    },
    async enrolByCode({ code, by, epochAbove }) {
      const token = newToken();
      const row = await ledger.transaction(async (trx) => {
        const taken = await takeEnrolCode(trx, { code, by, now: ledger.nowMs() });
        if (taken === null) return null;
        const { registerId, madeBy } = taken;
        const as = { registerId, name: null, by: madeBy, tokenSha256: sha256(token), epochAbove };
        const enrolled = await enrolAnew(trx, as);
        if (enrolled === undefined) return null;
        await noteEnrolled(trx, enrolled, by);
        return enrolled;
      });
      return row === null ? null : { register: registerOf(row), token };
    },
    async admitWriter({ register, stamp }) {
      if (stamp.epoch !== register.epoch) return 'register_replaced';
      const known = register.writerTerm ?? 0;
      if (stamp.term < known) return 'tab_replaced';
      if (stamp.term > known) {
        await ledger.transaction((trx) =>
          trx
            .updateTable('registers')
            .set({ writer_term: stamp.term })
            .where('id', '=', register.registerId)
            .where('epoch', '=', stamp.epoch)
            .where('writer_term', '<', stamp.term)
            .execute()
        );
      }
      return null;
    },
    async lastOrderSeq({ code, epoch }) {
      const prefix = epoch > 1 ? `${code}.${epoch}-` : `${code}-`;
      const row = await ledger.db
        .selectFrom('orders')
        .select('number')
        // the colon stands behind the digits: exactly this prefix, read from the index alone
        .where('number', '>', prefix)
        .where('number', '<', `${prefix}:`)
        // 10000 is more than 9999
        .orderBy((eb) => eb.fn<number>('length', ['number']), 'desc')
        .orderBy('number', 'desc')
        .limit(1)
        .executeTakeFirst();
      return row === undefined ? 0 : Number(row.number.slice(prefix.length));
    },
    async findByToken(token) {
      const row = await ledger.db
        .selectFrom('registers')
        .selectAll()
        .where('token_sha256', '=', sha256(token))
        .where('retired_at_ms', 'is', null)
        .executeTakeFirst();
      return row === undefined ? null : registerOf(row);
    },
    async findJournalSender(token) {
      const tokenSha256 = sha256(token);
      const row = await ledger.db
        .selectFrom('registers')
        .selectAll()
        .where('token_sha256', '=', tokenSha256)
        .executeTakeFirst();
      if (row !== undefined) {
        return { registerId: row.id, code: row.code, epoch: row.epoch, current: row.retired_at_ms === null };
      }
      const former = await ledger.db
        .selectFrom('register_tokens')
        .innerJoin('registers', 'registers.id', 'register_tokens.register_id')
        .select(['registers.id', 'registers.code', 'register_tokens.epoch'])
        .where('register_tokens.token_sha256', '=', tokenSha256)
        .executeTakeFirst();
      return former === undefined
        ? null
        : { registerId: former.id, code: former.code, epoch: former.epoch, current: false };
    }
  };
}

/** `T1` … `T999`, then `U1` …: short enough to stand in front of every order number. */
export function registerCode(count: number): string {
  const letters = 'TUVWXYZABCDEFGHIJKLMNOPQRS';
  const letter = letters[Math.floor((count - 1) / 999)];
  if (letter === undefined) throw new RangeError('there are more registers than codes');
  return `${letter}${((count - 1) % 999) + 1}`;
}

function sha256(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function registerOf(row: Selectable<RegistersTable>): Register {
  const { id, code, name, epoch, writer_term } = row;
  return { registerId: id, code, name, epoch, writerTerm: writer_term };
}
