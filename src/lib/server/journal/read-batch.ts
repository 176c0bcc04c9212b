/** Reads what a register sent, before anything of it is kept: which entries can be believed, and which one can't. */
import { canonicalJson } from '$lib/chain/canonical-json';
import { firstPrevHash, isChainEntry, type ChainEntry } from '$lib/chain/entry';
import { verifyChain } from '$lib/chain/verify';
import type { DeadLetterReason } from '$lib/wire/journal';

/** An entry that is what its writer hashed, with its canonical text. */
export interface ReadEntry {
  readonly entry: ChainEntry;
  readonly raw: string;
}

export interface DeadLetter {
  readonly seq: number;
  readonly reason: DeadLetterReason;
  readonly raw: string;
}

export interface ReadBatch {
  /** In order and without gaps, each following the one before. That the first follows what is kept is not known yet. */
  readonly entries: readonly ReadEntry[];
  /** The first that can't be believed; nothing after it is read. */
  readonly dead: DeadLetter | null;
}

const longestRaw = 20_000;

/** @param entries as they came. A hole between them ends the batch, and is no dead letter: the register sends from there. */
export async function readBatch({
  registerId,
  epoch,
  entries
}: {
  readonly registerId: string;
  readonly epoch: number;
  readonly entries: readonly unknown[];
}): Promise<ReadBatch> {
  const [first] = entries;
  if (first === undefined) return { entries: [], dead: null };
  // Whether it follows the last one that is kept is looked at under the lock; here it follows whatever it says.
  const before =
    isChainEntry(first) && (first.seq > 1 || first.prevHash !== firstPrevHash)
      ? { registerId, epoch, seq: first.seq - 1, hash: first.prevHash }
      : null;
  const verdict = await verifyChain({ entries, after: before });
  const end = verdict.ok ? entries.length : verdict.at;
  const read: ReadEntry[] = [];
  for (const entry of entries.slice(0, end)) {
    if (!isChainEntry(entry)) break;
    if (entry.registerId !== registerId || entry.epoch !== epoch) {
      return { entries: read, dead: deadLetter({ entry, seq: entry.seq, reason: 'wrong_register' }) };
    }
    read.push({ entry, raw: canonicalJson(entry) });
  }
  if (verdict.ok || verdict.reason === 'gap') return { entries: read, dead: null };
  const entry = entries[verdict.at];
  const seq = isChainEntry(entry) ? entry.seq : (read.at(-1)?.entry.seq ?? 0) + 1;
  return { entries: read, dead: deadLetter({ entry, seq, reason: verdict.reason }) };
}

/** @param options.entry whatever came: its text is kept as evidence, cut where it is endless */
export function deadLetter(options: {
  readonly entry: unknown;
  readonly seq: number;
  readonly reason: DeadLetterReason;
}): DeadLetter {
  const { entry, seq, reason } = options;
  return { seq, reason, raw: (JSON.stringify(entry) ?? '').slice(0, longestRaw) };
}
