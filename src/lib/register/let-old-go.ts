/** Lets the journal's oldest entries go in the background, where the server has had them for long enough. */
import type { JournalDatabase } from '$lib/journal/database';
import type { Journal } from '$lib/journal/journal';
import { letEntriesGo } from '$lib/journal/retention';
import type { Clock } from './ports';
import type { MayLeave } from './sync.svelte';

/**
 * One step after the other, until nothing more may leave. Never fails: what does not leave today leaves tomorrow.
 *
 * @param mayNow asked before every step: false while a payment is at the counter
 * @param onCounter the order that lies on the counter, if any
 * @returns how many entries have left
 */
export async function letOldGo({
  database,
  journal,
  clock,
  mayLeave,
  mayNow,
  onCounter
}: {
  readonly database: JournalDatabase;
  readonly journal: Journal;
  readonly clock: Clock;
  readonly mayLeave: readonly MayLeave[];
  readonly mayNow: () => boolean;
  readonly onCounter: () => string | null;
}): Promise<number> {
  let entries = 0;
  while (mayNow()) {
    const orderId = onCounter();
    const left = await letEntriesGo({
      database,
      writer: journal,
      allowed: new Map(mayLeave.map(({ epoch, upTo }) => [epoch, upTo])),
      keeps: new Set(orderId === null ? [] : [orderId]),
      now: () => clock.now(),
      monotonic: () => clock.monotonic()
    }).catch(() => null);
    if (left === null || !left.ok) break;
    entries += left.entries;
  }
  return entries;
}
