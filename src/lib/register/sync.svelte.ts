/**
 * Brings the journal to the server: one loop, in the tab that writes.
 *
 *   resting ──an entry, the network, a press, the time──> asking where the server stands
 *   asking ──behind the journal──> sending, batch after batch, from there ──level──> resting
 *   any ──no answer──> pausing, longer each time (1 s … 60 s, by chance shorter) ──> asking
 *   any ──the chain can't go on──> resting, with a trouble that a person must settle; looked at again from time to time
 *
 * Only the server's answer moves anything: it says which number it has last, and everything after it is sent, whatever
 * was confirmed before. What arrives twice is passed over there.
 */
import type { JournalDatabase } from '$lib/journal/database';
import { createOutbox, type EpochStanding, type Outbox } from '$lib/journal/outbox';
import type { JournalEntry } from '$lib/chain/entry';
import { entryBytesAtOnce, type JournalStanding } from '$lib/wire/journal';
import type { ApiFailure } from './api';
import { createJournalApi, type JournalApi } from './journal-api';
import { delay, type Clock } from './ports';

/**
 * Why entries wait:
 * - `no_answer`: Till can't be reached, or can't save now. It is tried again by itself.
 * - `refused`: this browser is no register any more; enrol it.
 * - `stopped`: the server can't believe an entry. Nothing after it arrives before this browser is enrolled anew.
 * - `lost`: the server has more than this browser: its storage was cleared. Enrol it anew.
 * - `too_large`: one entry alone is larger than the server, or what stands before it, lets through.
 * - `gone`: the server needs entries that are not here any more, and no checkpoint says how the chain goes on.
 */
export type SyncTrouble = 'no_answer' | 'refused' | 'stopped' | 'lost' | 'gone' | 'too_large';

/** Entries of an epoch up to a number that need not be kept here any longer. */
export interface MayLeave {
  readonly epoch: number;
  readonly upTo: number;
}

export interface SyncParts {
  readonly outbox: Outbox;
  readonly api: JournalApi;
  readonly clock: Clock;
  /** From 0 to 1: spreads the registers of a shop that all come back at once. */
  readonly random: () => number;
  /** The server has everything, and some of it for so long that it need not be kept here. Waited for. */
  readonly onAllThere?: ((mayLeave: readonly MayLeave[]) => Promise<void>) | undefined;
}

const batchSize = 100;
/** Entries that follow each other closely go together. */
const gatherMs = 1000;
/** A server that was restored meanwhile is noticed by this, without any entry. */
const restMs = 5 * 60_000;
const firstPauseMs = 1000;
const longestPauseMs = 60_000;

/** What an epoch's turn came to: up to which number it may leave, or what is in the way. */
type Turn = number | SyncTrouble;

export class Sync {
  readonly #parts: SyncParts;
  #gone = new AbortController();
  #sleep = new AbortController();
  #woken = false;
  #lookAtAllMs = 0;
  #loop: Promise<void> | null = null;

  #waiting = $state(0);
  #trouble = $state<SyncTrouble | null>(null);
  #sending = $state(false);
  #lastSuccessAtMs = $state<number | null>(null);

  constructor(parts: SyncParts) {
    this.#parts = parts;
  }

  get registerId(): string {
    return this.#parts.outbox.registerId;
  }
  /** Entries that the server has not confirmed. */
  get waiting(): number {
    return this.#waiting;
  }
  get trouble(): SyncTrouble | null {
    return this.#trouble;
  }
  get sending(): boolean {
    return this.#sending;
  }
  /** When the server last had everything, by the register's clock, in milliseconds since 1970. */
  get lastSuccessAtMs(): number | null {
    return this.#lastSuccessAtMs;
  }

  start(): void {
    if (this.#loop !== null) return;
    this.#gone = new AbortController();
    this.#loop = this.#run(this.#gone.signal);
  }

  /** Ends the loop and the request under way. What was not confirmed is sent again at the next start. */
  async stop(): Promise<void> {
    this.#gone.abort();
    this.#sleep.abort();
    await this.#loop;
    this.#loop = null;
  }

  /** There is something new, or the network is back: no pause any more. */
  wake(): void {
    this.#woken = true;
    this.#sleep.abort();
  }

  async #run(signal: AbortSignal): Promise<void> {
    let failures = 0;
    while (!signal.aborted) {
      this.#woken = false;
      const trouble = await this.#bringAll(signal);
      if (signal.aborted) return;
      this.#trouble = trouble;
      failures = trouble === 'no_answer' ? failures + 1 : 0;
      if (trouble === null) this.#lastSuccessAtMs = this.#parts.clock.now();
      if (failures > 0) {
        await this.#rest(pauseMs(failures, this.#parts.random()), signal);
      } else {
        if (!this.#woken) await this.#rest(restMs, signal);
        // an append wakes at once, and more may follow
        if (this.#woken) await delay({ clock: this.#parts.clock, ms: gatherMs, signal });
      }
    }
  }

  /** All epochs that this browser holds, oldest first: an older one's entries are history, and as true. */
  async #bringAll(signal: AbortSignal): Promise<SyncTrouble | null> {
    const { outbox, clock, onAllThere } = this.#parts;
    const all = clock.monotonic() >= this.#lookAtAllMs;
    try {
      const epochs = await this.#count();
      const newest = epochs.at(-1)?.epoch;
      const mayLeave: MayLeave[] = [];
      let trouble: SyncTrouble | null = null;
      for (const standing of epochs) {
        // also a confirmed one from time to time: a restored server may have lost it
        if (standing.waiting === 0 && standing.epoch !== newest && !all) continue;
        const turn = await this.#bring(outbox, standing, signal);
        // one chain that stands still does not hold the others
        if (typeof turn === 'number') mayLeave.push({ epoch: standing.epoch, upTo: turn });
        else trouble = turn;
        if (turn === 'no_answer' || signal.aborted) break;
      }
      await this.#count();
      if (trouble === null && all && !signal.aborted) {
        this.#lookAtAllMs = clock.monotonic() + restMs;
        await onAllThere?.(mayLeave);
      }
      return trouble;
    } catch {
      // the journal can't be read now: the register says so itself, and the loop tries again
      return 'no_answer';
    } finally {
      this.#sending = false;
    }
  }

  async #bring(outbox: Outbox, { epoch }: EpochStanding, signal: AbortSignal): Promise<Turn> {
    const { api } = this.#parts;
    const asked = await api.standing(epoch, signal);
    if (!asked.ok) return whyNot(asked);
    // this browser is another register now: what it holds of the first one can't be handed in under its name
    if (asked.value.registerId !== outbox.registerId) return 'refused';
    let standing = asked.value;
    let distrusts = false;
    let most = batchSize;
    for (;;) {
      const head = (await outbox.epochs()).find((one) => one.epoch === epoch);
      if (head === undefined) return 0;
      if (standing.lastSeq > head.seq) return 'lost';
      if (!(await this.#isSameChain(outbox, standing))) return 'stopped';
      await outbox.confirm({ epoch, upTo: standing.lastSeq });
      await this.#count();
      if (distrusts) return 'stopped';
      if (standing.lastSeq === head.seq) return standing.mayLeaveUpTo ?? 0;
      const entries = withinBytes(await outbox.entriesAfter({ epoch, seq: standing.lastSeq, most }));
      const isNext = entries[0]?.seq === standing.lastSeq + 1;
      // restored from so long ago that what comes next has left: the checkpoint says how it goes on
      const checkpoint = isNext ? null : await outbox.checkpointOver({ epoch, seq: standing.lastSeq });
      if (!isNext && checkpoint === null) return 'gone';
      if (signal.aborted) return 'no_answer';
      this.#sending = true;
      const sent = await api.send(
        {
          epoch,
          entries: [...entries],
          ...(checkpoint === null ? {} : { checkpoint }),
          waiting: this.#waiting,
          sentAtMs: this.#parts.clock.now()
        },
        signal
      );
      // what stands before the server may let less through than it does
      if (!sent.ok && sent.status === 413) {
        if (entries.length <= 1) return 'too_large';
        most = Math.floor(entries.length / 2);
        continue;
      }
      if (!sent.ok) return whyNot(sent);
      distrusts = sent.value.stopped !== null;
      // the server went back meanwhile, or took none: asked again after a pause, so that nothing spins
      if (!distrusts && sent.value.lastSeq <= standing.lastSeq) return 'no_answer';
      standing = sent.value;
    }
  }

  /** Two journals under one name have another hash somewhere: then nothing may be confirmed. */
  async #isSameChain(outbox: Outbox, { epoch, lastSeq, lastHash }: JournalStanding): Promise<boolean> {
    if (lastSeq === 0) return true;
    const own = await outbox.hashOf({ epoch, seq: lastSeq });
    // let go here after it was confirmed: nothing to compare
    return own === null || own === lastHash;
  }

  async #count(): Promise<readonly EpochStanding[]> {
    const epochs = await this.#parts.outbox.epochs();
    this.#waiting = epochs.reduce((sum, { waiting }) => sum + waiting, 0);
    return epochs;
  }

  async #rest(ms: number, signal: AbortSignal): Promise<void> {
    this.#sleep = new AbortController();
    if (this.#woken) return;
    await delay({ clock: this.#parts.clock, ms, signal: AbortSignal.any([signal, this.#sleep.signal]) });
  }
}

/** As many from the front as go in one request; at least the first. */
function withinBytes(entries: readonly JournalEntry[]): readonly JournalEntry[] {
  const encoder = new TextEncoder();
  let bytes = 0;
  const beyond = entries.findIndex((entry) => {
    bytes += encoder.encode(JSON.stringify(entry)).length;
    return bytes > entryBytesAtOnce;
  });
  return beyond === -1 ? entries : entries.slice(0, Math.max(1, beyond));
}

/** 1 s, 2 s, 4 s … 60 s, of which chance takes up to half. @param failures from 1 */
export function pauseMs(failures: number, chance: number): number {
  const longest = Math.min(longestPauseMs, firstPauseMs * 2 ** Math.min(failures - 1, 10));
  return Math.round(longest * (1 - chance / 2));
}

function whyNot({ problem }: ApiFailure): SyncTrouble {
  return problem?.code === 'register_unknown' || problem?.code === 'register_replaced'
    ? 'refused'
    : 'no_answer';
}

/** The page's own: its journal, `/api`, chance. */
export function openSync({
  database,
  registerId,
  clock,
  onAllThere
}: {
  readonly database: JournalDatabase;
  readonly registerId: string;
  readonly clock: Clock;
  readonly onAllThere: SyncParts['onAllThere'];
}): Sync {
  return new Sync({
    outbox: createOutbox({ database, registerId }),
    api: createJournalApi(),
    clock,
    random: Math.random,
    onAllThere
  });
}
