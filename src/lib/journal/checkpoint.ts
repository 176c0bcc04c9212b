/** The entry that stays where entries have left: where their chain ended, and what they had made. */
import type { ChainEntry } from '$lib/chain/entry';
import type { MetaRecord } from './database';
import type { Checkpoint, Cut } from './entries';

/** Null where the entry is none, or not of a shape that can be gone on from. */
export function checkpointOf({ kind, body }: Pick<ChainEntry, 'kind' | 'body'>): Checkpoint | null {
  const { cuts, orders, attempts } = body;
  if (kind !== 'checkpoint' || !Array.isArray(cuts) || !Array.isArray(orders) || !Array.isArray(attempts))
    return null;

  return { cuts, orders, attempts };
}

/** @returns where an epoch goes on, as a checkpoint says; null where it says nothing of that epoch */
export function cutIn(checkpoint: Checkpoint | null, epoch: number): Cut | null {
  return checkpoint?.cuts.find((cut) => cut.epoch === epoch) ?? null;
}

/** The newest checkpoint's place among a register's chains; null where nothing has left. */
export function newestPlace(
  metas: readonly Pick<MetaRecord, 'left'>[]
): { readonly epoch: number; readonly seq: number } | null {
  const places = metas.flatMap(({ left }) => (left === undefined ? [] : [left.checkpoint]));
  return places.toSorted((a, b) => b.epoch - a.epoch || b.seq - a.seq)[0] ?? null;
}
