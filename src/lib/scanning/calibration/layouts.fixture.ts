/** Keyboards of three countries, and scanners and hosts that are set to them: for tests only. */
import { type KeydownFact, type KeyFact } from '../keystroke';

export type LayoutName = 'us' | 'azerty' | 'qwertz';

interface Place {
  readonly code: string;
  readonly shift: boolean;
  readonly altGr: boolean;
}

/** What each position gives: alone, with Shift, with AltGr. A space stands for nothing. */
const usRows: Readonly<Record<string, string>> = {
  Backquote: '`~',
  Digit1: '1!',
  Digit2: '2@',
  Digit3: '3#',
  Digit4: '4$',
  Digit5: '5%',
  Digit6: '6^',
  Digit7: '7&',
  Digit8: '8*',
  Digit9: '9(',
  Digit0: '0)',
  Minus: '-_',
  Equal: '=+',
  BracketLeft: '[{',
  BracketRight: ']}',
  Backslash: '\\|',
  Semicolon: ';:',
  Quote: `'"`,
  Comma: ',<',
  Period: '.>',
  Slash: '/?'
};
const azertyRows: Readonly<Record<string, string>> = {
  Backquote: '²',
  Digit1: '&1',
  Digit2: 'é2~',
  Digit3: '"3#',
  Digit4: "'4{",
  Digit5: '(5[',
  Digit6: '-6|',
  Digit7: 'è7`',
  Digit8: '_8\\',
  Digit9: 'ç9^',
  Digit0: 'à0@',
  Minus: ')°]',
  Equal: '=+}',
  BracketLeft: '^¨',
  BracketRight: '$£¤',
  Backslash: '*µ',
  Semicolon: 'mM',
  Quote: 'ù%',
  IntlBackslash: '<>',
  KeyM: ',?',
  Comma: ';.',
  Period: ':/',
  Slash: '!§'
};
const qwertzRows: Readonly<Record<string, string>> = {
  Backquote: '^°',
  Digit1: '1!',
  Digit2: '2"²',
  Digit3: '3§³',
  Digit4: '4$',
  Digit5: '5%',
  Digit6: '6&',
  Digit7: '7/{',
  Digit8: '8([',
  Digit9: '9)]',
  Digit0: '0=}',
  Minus: 'ß?\\',
  Equal: '´`',
  BracketLeft: 'üÜ',
  BracketRight: '+*~',
  Backslash: "#'",
  Semicolon: 'öÖ',
  Quote: 'äÄ',
  IntlBackslash: '<>|',
  KeyQ: 'qQ@',
  Comma: ',;',
  Period: '.:',
  Slash: '-_'
};

function layout(
  rows: Readonly<Record<string, string>>,
  moved: Readonly<Record<string, string>>
): Readonly<Record<string, string>> {
  const letters = [...'ABCDEFGHIJKLMNOPQRSTUVWXYZ'].map((letter) => {
    const here = moved[letter] ?? letter;
    return [`Key${letter}`, here.toLowerCase() + here];
  });
  return { ...Object.fromEntries(letters), ...rows };
}

const layouts: Readonly<Record<LayoutName, Readonly<Record<string, string>>>> = {
  us: layout(usRows, {}),
  azerty: layout(azertyRows, { A: 'Q', Q: 'A', Z: 'W', W: 'Z' }),
  qwertz: layout(qwertzRows, { Y: 'Z', Z: 'Y' })
};

export const layoutNames: readonly LayoutName[] = ['us', 'azerty', 'qwertz'];

function placeOf(name: LayoutName, character: string): Place | null {
  for (const [code, gives] of Object.entries(layouts[name])) {
    const at = [...gives].indexOf(character);
    if (at >= 0) return { code, shift: at === 1, altGr: at === 2 };
  }
  return null;
}

export interface ScannerAtHost {
  readonly scanner: LayoutName;
  readonly host: LayoutName;
  readonly gapMs: number;
  readonly prefix?: string;
  readonly suffix?: string;
  readonly end?: 'Enter' | 'Tab' | '';
  readonly capsLock?: 'off' | 'ignored' | 'compensated';
  /** The scanner is set to type capital letters only. */
  readonly capitalsOnly?: boolean;
}

/** The key events of a scan: the scanner presses positions of its own layout, the host turns them into its characters. */
export function scanAtHost(text: string, setting: ScannerAtHost): readonly KeyFact[] {
  const { scanner, host, gapMs, prefix = '', suffix = '', end = 'Enter', capsLock = 'off' } = setting;
  const facts: KeyFact[] = [];
  let at = 5000;
  const locked = capsLock !== 'off';
  for (const wanted of prefix + text + suffix) {
    const character = setting.capitalsOnly === true ? wanted.toUpperCase() : wanted;
    const place = placeOf(scanner, character);
    if (place === null) continue;
    const letter = /^[a-z]$/i.test(character);
    const shift = capsLock === 'compensated' && letter ? !place.shift : place.shift;
    if (shift) facts.push(keydown({ key: 'Shift', code: 'ShiftLeft', at, shiftKey: true }));
    const gives = [...(layouts[host][place.code] ?? '')];
    const given = gives[place.altGr ? 2 : shift ? 1 : 0] ?? '';
    // Caps Lock on the host turns letters only.
    const key = locked && /^\p{L}$/u.test(given) ? turned(given) : given;
    facts.push(
      keydown({
        key: key === '' ? 'Dead' : key,
        code: place.code,
        at,
        shiftKey: shift,
        ctrlKey: place.altGr,
        altKey: place.altGr,
        capsLock: locked
      })
    );
    at += gapMs;
  }
  if (end !== '') facts.push(keydown({ key: end, code: end, at, capsLock: locked }));
  return facts;
}

function turned(letter: string): string {
  const other = letter === letter.toLowerCase() ? letter.toUpperCase() : letter.toLowerCase();
  // a German ß stays
  return other.length === 1 ? other : letter;
}

function keydown(fact: Partial<KeydownFact> & Pick<KeydownFact, 'key' | 'code' | 'at'>): KeydownFact {
  return {
    type: 'keydown',
    keyCode: 0,
    shiftKey: false,
    ctrlKey: false,
    altKey: false,
    metaKey: false,
    capsLock: false,
    repeat: false,
    ...fact
  };
}
