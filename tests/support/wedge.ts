/** A scanner in keyboard mode: real key events through the browser, in the pace of a scanner. */
import type { CDPSession, Page } from '@playwright/test';

interface Key {
  readonly key: string;
  readonly code: string;
  readonly keyCode: number;
  readonly text: string;
  readonly shift: boolean;
}

const leadMs = 400;
const betweenScansMs = 300;
/** When the last scan ends by its stamps, in milliseconds since 1970. */
const endsAt = new WeakMap<Page, number>();
const sessions = new WeakMap<Page, Promise<CDPSession>>();

/** What a computer makes of the keys that a scanner set to US presses. */
export type Host = (key: Key) => Key;

const usHost: Host = (key) => key;

function hostOf(letters: Readonly<Record<string, string>>, digits: readonly [string, string] | null): Host {
  return (key) => {
    const digit = /^Digit(\d)$/.exec(key.code)?.[1];
    if (digit !== undefined && digits !== null) {
      return becomes(key, digits[key.shift ? 1 : 0].charAt(Number(digit)));
    }
    const letter = letters[key.code];
    return letter === undefined ? key : becomes(key, key.shift ? letter.toUpperCase() : letter);
  };
}

/** A French computer: digits come with Shift only. */
export const azertyHost = hostOf({ KeyA: 'q', KeyQ: 'a', KeyZ: 'w', KeyW: 'z', KeyM: ',', Semicolon: 'm' }, [
  'à&é"\'(-è_ç',
  '0123456789'
]);
/** A German computer. */
export const qwertzHost = hostOf({ KeyY: 'z', KeyZ: 'y', Minus: 'ß' }, null);
/** Caps Lock is on. */
export const capsLockHost: Host = (key) =>
  key.code.startsWith('Key') ? becomes(key, key.shift ? key.key.toLowerCase() : key.key.toUpperCase()) : key;
function becomes(key: Key, character: string): Key {
  return { ...key, key: character, text: character };
}

/**
 * Types a code as a scanner does on a tablet: each key says nothing (keyCode 229), and its character arrives as text in the
 * field that has the focus.
 */
export async function typeOnTablet(page: Page, text: string): Promise<void> {
  const cdp = await page.context().newCDPSession(page);
  const opaque = { key: 'Unidentified', code: '', windowsVirtualKeyCode: 229 };
  const sent = [...text].flatMap((character) => [
    cdp.send('Input.dispatchKeyEvent', { ...opaque, type: 'rawKeyDown' }),
    cdp.send('Input.insertText', { text: character }),
    cdp.send('Input.dispatchKeyEvent', { ...opaque, type: 'keyUp' })
  ]);
  sent.push(
    cdp.send('Input.dispatchKeyEvent', {
      type: 'keyDown',
      key: 'Enter',
      code: 'Enter',
      windowsVirtualKeyCode: 13,
      text: '\r'
    })
  );
  await Promise.all(sent);
}

/** A person's hands, the same each time: from 60 to 250 ms from one key to the next. */
export function handGaps(seed: number): (index: number) => number {
  return (index) => 60 + ((seed * 7919 + index * index * 104_729 + index * 1_299_709) % 191);
}

/**
 * Types a code as a scanner does, and its Enter. The keys are stamped `gapMs` apart, however busy the machine is: that is
 * what a page sees of a scanner's pace. They go to whatever has the focus.
 *
 * @param gapMs milliseconds from one key to the next; of each key in its turn where it is a person
 * @param pauseMs from the end of what was typed before, at the least
 */
export async function typeAsWedge(
  page: Page,
  text: string,
  {
    gapMs = 10,
    terminator = 'Enter',
    host = usHost,
    pauseMs = betweenScansMs
  }: {
    gapMs?: number | ((index: number) => number);
    terminator?: 'Enter' | 'none';
    host?: Host;
    pauseMs?: number;
  } = {}
): Promise<void> {
  let session = sessions.get(page);
  if (session === undefined) sessions.set(page, (session = page.context().newCDPSession(page)));
  const cdp = await session;
  const keys = [...text].map((character) => host(keyOf(character)));
  if (terminator === 'Enter') {
    keys.push({ key: 'Enter', code: 'Enter', keyCode: 13, text: '\r', shift: false });
  }
  // Ahead of the clock, so that a busy machine's way from here to the page never looks like a pause of the scanner; and
  // apart from the scan before, as a hand that takes the next thing.
  let at = Math.max(Date.now() + leadMs, (endsAt.get(page) ?? 0) + pauseMs);
  const events = keys.flatMap((key, index) => {
    const { text: typed, keyCode, shift, ...named } = key;
    const event = { ...named, windowsVirtualKeyCode: keyCode, modifiers: shift ? 8 : 0 };
    const from = at;
    at += typeof gapMs === 'number' ? gapMs : gapMs(index);
    return [
      { ...event, type: 'keyDown', text: typed, timestamp: from / 1000 } as const,
      { ...event, type: 'keyUp', timestamp: (from + at) / 2000 } as const
    ];
  });
  endsAt.set(page, at);
  await asOneCall(cdp, () => Promise.all(events.map((event) => cdp.send('Input.dispatchKeyEvent', event))));
}

/**
 * Playwright's own way to make one call of several: each by itself is a step of the report, with a stack of its own, and
 * that took longer than all that the key does. Without it, they are calls like others.
 */
async function asOneCall(cdp: CDPSession, send: () => Promise<unknown>): Promise<void> {
  const wrap: unknown = Reflect.get(cdp, '_wrapApiCall');
  await (typeof wrap === 'function' ? Reflect.apply(wrap, cdp, [send, { internal: true }]) : send());
}

/** Signs of a US keyboard: the key, its number, and whether Shift is held. */
const symbols = new Map<string, readonly [code: string, keyCode: number, shift: boolean]>();
for (const [code, keyCode, plainSign, shifted] of [
  ['Backquote', 192, '`', '~'],
  ['Minus', 189, '-', '_'],
  ['Equal', 187, '=', '+'],
  ['BracketLeft', 219, '[', '{'],
  ['BracketRight', 221, ']', '}'],
  ['Backslash', 220, '\\', '|'],
  ['Semicolon', 186, ';', ':'],
  ['Quote', 222, "'", '"'],
  ['Comma', 188, ',', '<'],
  ['Period', 190, '.', '>'],
  ['Slash', 191, '/', '?']
] as const) {
  symbols.set(plainSign, [code, keyCode, false]);
  symbols.set(shifted, [code, keyCode, true]);
}
[...')!@#$%^&*('].forEach((sign, digit) => symbols.set(sign, [`Digit${digit}`, 48 + digit, true]));

function keyOf(character: string): Key {
  if (/\d/.test(character)) {
    return { ...plain(character), code: `Digit${character}`, keyCode: character.charCodeAt(0) };
  }
  if (/[a-z]/i.test(character)) {
    const upper = character.toUpperCase();
    return {
      ...plain(character),
      code: `Key${upper}`,
      keyCode: upper.charCodeAt(0),
      shift: upper === character
    };
  }
  const symbol = symbols.get(character);
  if (symbol === undefined) throw new Error(`No key is known for "${character}"`);
  const [code, keyCode, shift] = symbol;
  return { ...plain(character), code, keyCode, shift };
}

function plain(character: string): { key: string; text: string; shift: boolean } {
  return { key: character, text: character, shift: false };
}
