/** Real key events at a scanner's pace, through the browser's own input. Plain Node runs this. */
import { setTimeout as wait } from 'node:timers/promises';
import type { CDPSession } from '@playwright/test';

/** A key as the harness's layouts make it. */
export interface PressedKey {
  readonly type: string;
  readonly key: string;
  readonly code: string;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly at: number;
}

const oem: Readonly<Record<string, number>> = {
  Semicolon: 186,
  Equal: 187,
  Comma: 188,
  Minus: 189,
  Period: 190,
  Slash: 191,
  Backquote: 192,
  BracketLeft: 219,
  Backslash: 220,
  BracketRight: 221,
  Quote: 222,
  IntlBackslash: 226,
  Enter: 13,
  Tab: 9,
  ShiftLeft: 16,
  Backspace: 8,
  Space: 32
};

/** The number that Windows gives the key: by the host's letter, else by the position. */
function keyCodeOf({ key, code }: PressedKey): number {
  if (/^[a-z]$/i.test(key)) return key.toUpperCase().charCodeAt(0);
  const digit = /^Digit(\d)$/.exec(code)?.[1];
  return digit === undefined ? (oem[code] ?? 0) : 48 + Number(digit);
}

/** Each key is sent so much before the time on its stamp, unless said otherwise. */
const usualLeadMs = 250;

/**
 * Presses keys at their pace, each stamped with the time that it is due at and sent a little before: readers that look at
 * their own clock meet the scanner's pace, and a busy machine's way from here to the page is no pause of the scanner for
 * readers that look at the stamps.
 */
export async function press(
  cdp: CDPSession,
  keys: readonly PressedKey[],
  leadMs = usualLeadMs
): Promise<void> {
  const begins = Date.now() + leadMs + 5;
  const from = keys[0]?.at ?? 0;
  const sent: Promise<unknown>[] = [];
  for (const key of keys) {
    const due = begins + key.at - from;
    const early = due - leadMs - Date.now();
    if (early > 0) await wait(early);
    const text = key.key.length === 1 ? key.key : key.key === 'Enter' ? '\r' : '';
    const event = {
      key: key.key,
      code: key.code,
      windowsVirtualKeyCode: keyCodeOf(key),
      modifiers: (key.altKey ? 1 : 0) | (key.ctrlKey ? 2 : 0) | (key.shiftKey ? 8 : 0),
      timestamp: due / 1000
    };
    sent.push(
      cdp.send('Input.dispatchKeyEvent', { ...event, type: text === '' ? 'rawKeyDown' : 'keyDown', text }),
      cdp.send('Input.dispatchKeyEvent', { ...event, type: 'keyUp' })
    );
  }
  await Promise.all(sent);
}
