/** Scanners and people at a keyboard, as the browser reports their keys: for tests only. */
import { type KeydownFact } from './keystroke';
import { createWedgeDecoder, type WedgeOutcome } from './wedge-decoder';
import { type WedgeContext } from './wedge-run';
import { defaultWedgeSettings, type WedgeSettings } from './wedge-settings';

const us = new Map<string, { readonly code: string; readonly shiftKey: boolean }>();
function position(code: string, plain: string, shifted: string): void {
  us.set(plain, { code, shiftKey: false });
  if (shifted !== plain) us.set(shifted, { code, shiftKey: true });
}
for (const letter of 'ABCDEFGHIJKLMNOPQRSTUVWXYZ') position(`Key${letter}`, letter.toLowerCase(), letter);
[...')!@#$%^&*('].forEach((shifted, digit) => position(`Digit${digit}`, String(digit), shifted));
position('Minus', '-', '_');
position('Equal', '=', '+');
position('BracketLeft', '[', '{');
position('BracketRight', ']', '}');
position('Backslash', '\\', '|');
position('Semicolon', ';', ':');
position('Quote', "'", '"');
position('Comma', ',', '<');
position('Period', '.', '>');
position('Slash', '/', '?');
position('Backquote', '`', '~');
position('Space', ' ', ' ');

/** What a French (AZERTY) host makes of the keys that a scanner set to US presses. */
export function azertyHost(key: KeydownFact): KeydownFact {
  const digits = key.shiftKey ? '0123456789' : 'à&é"\'(-è_ç';
  const digit = /^Digit(\d)$/.exec(key.code)?.[1];
  if (digit !== undefined) return { ...key, key: digits.charAt(Number(digit)) };
  const moved: Readonly<Record<string, string>> = { KeyA: 'q', KeyQ: 'a', KeyZ: 'w', KeyW: 'z', KeyM: ',' };
  const letter = moved[key.code];
  return letter === undefined ? key : { ...key, key: key.shiftKey ? letter.toUpperCase() : letter };
}

/** A host whose Caps Lock is on. */
export function capsLockHost(key: KeydownFact): KeydownFact {
  if (!key.code.startsWith('Key')) return { ...key, capsLock: true };
  return { ...key, capsLock: true, key: key.shiftKey ? key.key.toLowerCase() : key.key.toUpperCase() };
}

/** One key that goes down, at a time in milliseconds. */
export function keydown(key: string, at: number, more: Partial<KeydownFact> = {}): KeydownFact {
  const { code, shiftKey } = us.get(key) ?? { code: key, shiftKey: false };
  return {
    type: 'keydown',
    key,
    code,
    keyCode: 0,
    shiftKey,
    ctrlKey: false,
    altKey: false,
    metaKey: false,
    capsLock: false,
    repeat: false,
    at,
    ...more
  };
}

/** The keys of a text at an even pace, with Shift pressed where it is needed; GS comes as Ctrl+]. */
export function typed({
  text,
  gapMs,
  from = 0,
  end = ''
}: {
  readonly text: string;
  readonly gapMs: number;
  readonly from?: number;
  readonly end?: 'Enter' | 'Tab' | '';
}): KeydownFact[] {
  const keys: KeydownFact[] = [];
  [...text].forEach((character, index) => {
    const at = from + index * gapMs;
    if (character === '\u001d') {
      keys.push(keydown('Control', at), keydown(']', at, { ctrlKey: true }));
      return;
    }
    const key = keydown(character, at);
    if (key.shiftKey) keys.push(keydown('Shift', at, { shiftKey: true }));
    keys.push(key);
  });
  if (end !== '') keys.push(keydown(end, from + text.length * gapMs));
  return keys;
}

/** Where the keys go, unless a test says otherwise. */
export const nowhere: WedgeContext = { inField: false, expecting: false, paying: false };
export const inField: WedgeContext = { inField: true, expecting: false, paying: false };
export const selling: WedgeContext = { inField: false, expecting: true, paying: false };
export const paying: WedgeContext = { inField: false, expecting: true, paying: true };

/** Feeds keys to a new decoder and lets time pass after them. */
export function play({
  keys,
  context = nowhere,
  settings = {},
  isKnown
}: {
  readonly keys: readonly KeydownFact[];
  readonly context?: WedgeContext;
  readonly settings?: Partial<WedgeSettings>;
  readonly isKnown?: (text: string) => boolean;
}): { readonly texts: readonly string[]; readonly outcomes: readonly WedgeOutcome[] } {
  const decoder = createWedgeDecoder({
    settings: { ...defaultWedgeSettings, ...settings },
    ...(isKnown && { isKnown })
  });
  const outcomes = keys.map((key) => decoder.take(key, context));
  outcomes.push(decoder.tick((keys.at(-1)?.at ?? 0) + 10_000));
  const texts = outcomes.flatMap(({ scans }) => scans.map(({ aim, text }) => (aim ?? '') + text));
  return { texts, outcomes };
}
