import { m } from '$lib/i18n/generated/messages.js';
import type { Held } from '$lib/register/register.svelte';

/** "Cola, 2 × Gum": what is held, each once, in the order of the scans; null where nothing is. */
export function heldNames(held: readonly Held[]): string | null {
  const counts = new Map<string, number>();
  for (const one of held) {
    // a code that must not be shown has no text
    const name = one.kind === 'product' ? one.product.name : one.text || m.sell_unreadable_headline();
    counts.set(name, (counts.get(name) ?? 0) + 1);
  }
  const names = [...counts].map(([name, count]) => (count === 1 ? name : `${count} × ${name}`));
  return names.length === 0 ? null : names.join(', ');
}
