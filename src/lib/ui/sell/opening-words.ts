/** What the opening check says of each thing, and the one press that mends it. */
import { m } from '$lib/i18n/generated/messages.js';
import type { OpeningFindings, OpeningThing } from '$lib/register/opening-check';

export const thingNames: Readonly<Record<OpeningThing, () => string>> = {
  gateway: m.opening_gateway,
  clock: m.opening_clock,
  scanner: m.opening_scanner,
  sound: m.opening_sound,
  storage: m.opening_storage
};

export const gradeWords = {
  good: m.opening_word_good,
  look: m.opening_word_look,
  bad: m.opening_word_bad,
  asking: m.opening_word_asking
};

const words = {
  gateway: {
    unreachable: m.opening_gateway_unreachable,
    refused: m.opening_gateway_refused,
    no_till: m.opening_gateway_no_till
  },
  scanner: {
    keyboard: m.opening_scanner_keyboard,
    waiting: m.opening_scanner_waiting,
    needs_you: m.opening_scanner_needs_you,
    other_tab: m.opening_scanner_other_tab
  },
  sound: { off: m.opening_sound_off },
  storage: { not_kept: m.opening_storage_not_kept, low: m.opening_storage_low }
} as const;

/** One or two sentences; empty where nothing is to be said. */
export function openingWords(thing: OpeningThing, found: OpeningFindings): string {
  if (thing === 'clock') return clockWords(found);
  const said: Readonly<Record<string, () => string>> = words[thing];
  return said[found[thing]]?.() ?? '';
}

function clockWords({ clock, clockOffMs }: OpeningFindings): string {
  const size = sizeText(Math.abs(clockOffMs ?? 0));
  const behind = (clockOffMs ?? 0) < 0;
  if (clock === 'tablet_off')
    return behind ? m.opening_clock_tablet_behind({ size }) : m.opening_clock_tablet_ahead({ size });
  if (clock === 'server_off')
    return behind ? m.opening_clock_server_behind({ size }) : m.opening_clock_server_ahead({ size });
  return clock === 'no_till' ? m.opening_clock_no_till() : '';
}

function sizeText(ms: number): string {
  const minutes = Math.round(ms / 60_000);
  if (minutes < 120) return m.opening_minutes({ count: String(minutes) });
  const hours = Math.round(minutes / 60);
  return hours < 48
    ? m.opening_hours({ count: String(hours) })
    : m.opening_days({ count: String(Math.round(hours / 24)) });
}

export type OpeningMend =
  | { readonly kind: 'link'; readonly href: string; readonly text: string }
  | { readonly kind: 'play'; readonly text: string };

/** What can be pressed beside the words; null where the thing is mended elsewhere. */
export function openingMends(
  thing: OpeningThing,
  found: OpeningFindings,
  isAdmin: boolean
): OpeningMend | null {
  if (thing === 'sound') return { kind: 'play', text: m.opening_play() };
  if (thing === 'scanner') return { kind: 'link', href: '/devices', text: m.opening_open_devices() };
  if (thing === 'gateway' && found.gateway === 'refused' && isAdmin)
    return { kind: 'link', href: '/settings', text: m.opening_open_settings() };
  return null;
}
