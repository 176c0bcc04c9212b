import { canonicalJson } from './canonical-json';
import { firstPrevHash, type ChainEntry, type ChainHead, type EntryDraft, type UnhashedEntry } from './entry';

/**
 * The hash of an entry: SHA-256 over the UTF-8 bytes of the canonical JSON of every field except `hash`.
 *
 * @returns 64 lower-case hex digits.
 * @throws CanonicalJsonError when a field can't be written as JSON without loss.
 * @throws Error when the page has no `crypto.subtle`: it needs https or localhost.
 */
export async function hashEntry(entry: UnhashedEntry): Promise<string> {
  const hashed = Object.entries(entry).filter(([name]) => name !== 'hash');
  return sha256Hex(canonicalJson(Object.fromEntries(hashed)));
}

/**
 * Makes the next entry of a chain. It is complete but written nowhere yet.
 *
 * An IndexedDB transaction ends while this is awaited: read the head, append, and only then open the transaction that
 * checks that the head is still the same and adds the entry.
 *
 * @param head the last entry of the chain, or null to begin one (a new register, or a new epoch).
 * @param draft what to write. Its body is frozen text from now on: secrets have no place in it.
 * @throws RangeError when the draft is of another register or epoch than the head.
 * @throws CanonicalJsonError when the draft can't be written as JSON without loss.
 */
export async function appendTo<Kind extends string>({
  head,
  draft
}: {
  readonly head: ChainHead | null;
  readonly draft: EntryDraft<Kind>;
}): Promise<ChainEntry<Kind>> {
  if (head !== null && (head.registerId !== draft.registerId || head.epoch !== draft.epoch)) {
    throw new RangeError(
      'An entry can only follow one of the same register and epoch; begin a new chain instead.'
    );
  }
  // field by field: a draft with something more on it would make an entry that nobody can verify
  const entry: UnhashedEntry<Kind> = {
    registerId: draft.registerId,
    epoch: draft.epoch,
    seq: (head?.seq ?? 0) + 1,
    at: draft.at,
    monotonicMs: draft.monotonicMs,
    kind: draft.kind,
    orderId: draft.orderId,
    body: draft.body,
    prevHash: head?.hash ?? firstPrevHash
  };
  return { ...entry, hash: await hashEntry(entry) };
}

async function sha256Hex(text: string): Promise<string> {
  if (globalThis.crypto?.subtle === undefined) {
    throw new Error('This page cannot compute hashes (crypto.subtle): open it over https or on localhost.');
  }
  const digest = await globalThis.crypto.subtle.digest('SHA-256', new TextEncoder().encode(text));
  return Array.from(new Uint8Array(digest), (byte) => byte.toString(16).padStart(2, '0')).join('');
}
