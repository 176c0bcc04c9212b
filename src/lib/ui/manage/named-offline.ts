import { m } from '$lib/i18n/generated/messages.js';

/** A cashier's name, and beside it how it was known where the server did not vouch for it. */
export function namedOffline(name: string, how: 'pin' | 'last' | null): string {
  if (how === null) return name;
  return how === 'pin' ? m.offline_mark_pin({ name }) : m.offline_mark_last({ name });
}
