/** The journal's page: what stands in it, whether it is whole, making its lists anew, handing it out as a file. */
import type { ChainEntry } from '$lib/chain/entry';
import type { JournalDatabase } from '$lib/journal/database';
import { exportKey, publicKeyOf, readExport, writeExport, type ReadExport } from '$lib/journal/export-file';
import type { Journal } from '$lib/journal/journal';
import { newestEntries, rebuildProjections, verifyJournal, type JournalVerdict } from '$lib/journal/upkeep';
import type { Register as RegisterIdentity } from '$lib/wire/shop';
import type { Api } from './api';
import { isoNow, type Clock } from './ports';

export type { JournalVerdict } from '$lib/journal/upkeep';

/** An entry as it is shown: of this register's journal, or of a file, whose kinds may be newer than this page. */
export type ShownEntry = ChainEntry;

export interface JournalDeskParts {
  readonly database: JournalDatabase;
  readonly journal: Journal;
  readonly identity: RegisterIdentity;
  readonly clock: Clock;
  readonly api: Pick<Api, 'enrolJournalKey' | 'journalKeys'>;
  /** False in a tab that only reads, and while a payment is at the counter. */
  readonly mayRebuild: () => boolean;
}

/** How the last "make the lists anew" ended. */
export type Rebuilt =
  | { readonly ok: true; readonly entries: number }
  | { readonly ok: false; readonly reason: 'not_now' | 'failed' };

/** A file of another register: to read, never to write into this one's journal. */
export interface Imported {
  readonly read: ReadExport;
  /** Whether the server knows the key as this register's; null where it could not be asked. */
  readonly keyIsKnown: boolean | null;
}

const pageSize = 100;

export class JournalDesk {
  readonly #parts: JournalDeskParts;
  #entries = $state.raw<readonly ShownEntry[]>([]);
  #hasMore = $state(false);
  #waiting = $state<number | null>(null);
  #failed = $state(false);

  constructor(parts: JournalDeskParts) {
    this.#parts = parts;
  }

  /** Newest first. */
  get entries(): readonly ShownEntry[] {
    return this.#entries;
  }
  get hasMore(): boolean {
    return this.#hasMore;
  }
  /** Entries that the server has not confirmed yet; null before they were counted. */
  get waiting(): number | null {
    return this.#waiting;
  }
  /** True where the journal can't be read. */
  get failed(): boolean {
    return this.#failed;
  }
  /** Reads the newest entries; again: what was added since. */
  async load(): Promise<void> {
    await this.#parts.journal.settled();
    await this.#read(null);
  }
  async more(): Promise<void> {
    await this.#read(this.#entries.at(-1)?.seq ?? null);
  }

  /** Whether each entry fits the one before; null where the journal can't be read. */
  async verify(): Promise<JournalVerdict | null> {
    const { database, journal } = this.#parts;
    try {
      return await verifyJournal({ database, which: journal });
    } catch {
      this.#failed = true;
      return null;
    }
  }

  /** Makes orders and payments anew from the entries. Nothing that was written is changed. */
  async rebuild(): Promise<Rebuilt> {
    const { database, journal, mayRebuild } = this.#parts;
    if (!mayRebuild()) return { ok: false, reason: 'not_now' };
    try {
      await journal.settled();
      return { ok: true, entries: await rebuildProjections({ database, writer: journal }) };
    } catch {
      return { ok: false, reason: 'failed' };
    }
  }

  /**
   * The whole journal as a signed file. The key's public half is told to the server first, where it can be reached: who
   * reads the file can then ask whose it is.
   *
   * @throws JournalUnavailable
   */
  async exportFile(): Promise<{ readonly name: string; readonly text: string }> {
    const { database, journal, identity, clock, api } = this.#parts;
    await journal.settled();
    await api.enrolJournalKey({ publicKey: await publicKeyOf(await exportKey(database)) });
    const { registerId, code, name } = identity;
    const exportedAt = isoNow(clock);
    const text = await writeExport({ database, register: { registerId, code, name }, exportedAt });
    return { name: `till-journal-${code}-${exportedAt.slice(0, 10)}.json`, text };
  }

  /** Checks a file of another register, for showing it: it belongs to no journal of this one. */
  async readFile(text: string): Promise<Imported> {
    const read = await readExport(text);
    let keyIsKnown: boolean | null = null;
    if ('journal' in read) {
      const { register, publicKey } = read.journal;
      const answer = await this.#parts.api.journalKeys(register.registerId);
      if (answer.ok) keyIsKnown = answer.value.some((key) => key.publicKey === publicKey);
    }
    return { read, keyIsKnown };
  }

  async #read(before: number | null): Promise<void> {
    const { database, journal } = this.#parts;
    try {
      const found = await newestEntries({ database, which: journal, before, count: pageSize });
      this.#entries = before === null ? found : [...this.#entries, ...found];
      // older ones may have left
      this.#hasMore = found.length === pageSize && (found.at(-1)?.seq ?? 1) > 1;
      this.#waiting = await database.use((open) => open.count('outbox'));
      this.#failed = false;
    } catch {
      this.#failed = true;
    }
  }
}
