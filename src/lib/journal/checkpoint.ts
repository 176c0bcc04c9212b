/** The entry that stays where entries have left: where their chain ended, and what they had made. */
import type { ChainEntry } from '$lib/chain/entry';
import type { MetaRecord } from './database';
import type { AttemptRecord, Checkpoint, Cut, OrderRecord } from './entries';

/** Null where the entry is none, or not of a shape that can be gone on from. */
export function checkpointOf({ kind, body }: Pick<ChainEntry, 'kind' | 'body'>): Checkpoint | null {
  const { cuts, orders, attempts } = body;
  if (kind !== 'checkpoint') return null;
  if (!isListOf(cuts, isCut) || !isListOf(orders, isOrder) || !isListOf(attempts, isAttempt)) return null;
  return { cuts, orders, attempts };
}

function isListOf<Item>(value: unknown, isItem: (one: unknown) => one is Item): value is readonly Item[] {
  return Array.isArray(value) && value.every(isItem);
}
function isCut(value: unknown): value is Cut {
  const { epoch, upTo, hash } = fields(value);
  return typeof epoch === 'number' && typeof upTo === 'number' && typeof hash === 'string';
}
// what is inside of them is what append wrote, as their hash says; these are what is gone on by
function isOrder(value: unknown): value is OrderRecord {
  const { orderId, events } = fields(value);
  return typeof orderId === 'string' && Array.isArray(events);
}
function isAttempt(value: unknown): value is AttemptRecord {
  const { attemptId, orderId } = fields(value);
  return typeof attemptId === 'string' && typeof orderId === 'string';
}

/** What a value that came from outside has in it; nothing where it is no object. */
export function fields(value: unknown): Record<string, unknown> {
  return typeof value === 'object' && value !== null ? Object.fromEntries(Object.entries(value)) : {};
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
