import { CanonicalJsonError } from './canonical-json';
import { firstPrevHash, isChainEntry, type ChainHead } from './entry';
import { hashEntry } from './hash';

/**
 * Why an entry does not continue the chain:
 * - `unreadable`: it has not the shape of an entry.
 * - `wrong_register`: it belongs to another register or epoch.
 * - `gap`: its number is not the next one (dropped, repeated, out of order).
 * - `wrong_prev`: it does not follow this predecessor.
 * - `wrong_hash`: its content is not what was hashed.
 */
export type ChainProblem = 'gap' | 'wrong_prev' | 'wrong_hash' | 'wrong_register' | 'unreadable';

/** What checking a chain gives. */
export type ChainVerdict =
  /** `head` is the last entry checked, or `after` if there was none; null only for a chain without entries. */
  | { readonly ok: true; readonly head: ChainHead | null }
  /** `at` is the position in `entries`, from 0, of the first entry that can't be believed. */
  | { readonly ok: false; readonly at: number; readonly reason: ChainProblem };

/**
 * Checks that entries are one unbroken chain: same register and epoch, numbered without gaps, each carrying the hash of
 * the one before, none changed since.
 *
 * Entries missing *at the end* leave an unbroken chain: compare `head` with what is known to have been written (the
 * server's copy, a checkpoint).
 *
 * @param entries in order, as they came from a disk or a network.
 * @param after the last entry that is already believed; without it, the entries must begin the chain at number 1.
 * @returns a verdict. What was read never makes it throw.
 * @throws Error when the page has no `crypto.subtle`.
 */
export async function verifyChain({
  entries,
  after
}: {
  readonly entries: readonly unknown[];
  readonly after?: ChainHead | null;
}): Promise<ChainVerdict> {
  let head: ChainHead | null = after ?? null;
  for (const [at, entry] of entries.entries()) {
    const bad = (reason: ChainProblem): ChainVerdict => ({ ok: false, at, reason });

    if (!isChainEntry(entry)) return bad('unreadable');
    if (head !== null && (entry.registerId !== head.registerId || entry.epoch !== head.epoch)) {
      return bad('wrong_register');
    }
    if (entry.seq !== (head?.seq ?? 0) + 1) return bad('gap');
    if (entry.prevHash !== (head?.hash ?? firstPrevHash)) return bad('wrong_prev');

    const hash = await hashOrNull(entry);
    if (hash === null) return bad('unreadable');
    if (hash !== entry.hash) return bad('wrong_hash');
    head = { registerId: entry.registerId, epoch: entry.epoch, seq: entry.seq, hash };
  }
  return { ok: true, head };
}

async function hashOrNull(entry: Parameters<typeof hashEntry>[0]): Promise<string | null> {
  try {
    return await hashEntry(entry);
  } catch (error) {
    if (error instanceof CanonicalJsonError) return null;
    throw error;
  }
}
