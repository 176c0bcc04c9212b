/**
 * What one key of a keyboard wedge means. A scanner types key positions of the layout that it is set to, the host turns
 * them into characters of its own layout, and the two need not agree: so every character is read in both ways.
 */

/** The parts of a keyboard or input event that matter, as the browser gives them. */
export type KeyFact = KeydownFact | KeyupFact | InputFact;

/** A key went down. */
export interface KeydownFact {
  readonly type: 'keydown';
  readonly key: string;
  /** The key's position; empty on Android. */
  readonly code: string;
  /** 229: the characters come by an input method, as `input` events. */
  readonly keyCode: number;
  readonly shiftKey: boolean;
  readonly ctrlKey: boolean;
  readonly altKey: boolean;
  readonly metaKey: boolean;
  /** Caps Lock is on. */
  readonly capsLock: boolean;
  readonly repeat: boolean;
  /** Milliseconds of a monotonic clock. */
  readonly at: number;
}

/** A key went up; only Alt matters, which ends a character that is typed by its number. */
export interface KeyupFact {
  readonly type: 'keyup';
  readonly key: string;
  readonly at: number;
}

/** Text arrived in a field by an input method (Android's keyboards). Not for pasted or corrected text. */
export interface InputFact {
  readonly type: 'input';
  readonly text: string;
  readonly at: number;
}

/** One character, by the scanner's own layout (US) and by the host's, both as they came. */
export interface Character {
  readonly byCode: string;
  readonly byKey: string;
  /** Which keys made it, see {@link strokeOf}; empty where no key tells. */
  readonly stroke: string;
  readonly shiftKey: boolean;
  readonly capsLock: boolean;
}

/** What a key that went down means. */
export type Keystroke =
  | { readonly means: 'character'; readonly character: Character; readonly control: boolean }
  | { readonly means: 'terminator' }
  /** A digit of a character that is typed by its number, with Alt held. */
  | { readonly means: 'alt_digit'; readonly digit: string }
  /** Shift and its like: part of the next key. */
  | { readonly means: 'modifier' }
  /** The key itself says nothing; an `input` event follows. */
  | { readonly means: 'opaque' }
  | { readonly means: 'other' };

const modifiers: ReadonlySet<string> = new Set([
  'Shift',
  'Control',
  'Alt',
  'AltGraph',
  'Meta',
  'CapsLock',
  'NumLock',
  'Fn'
]);

// Position: without Shift, with Shift, on a US keyboard.
const usPairs: ReadonlyMap<string, string> = new Map([
  ['Backquote', '`~'],
  ['Minus', '-_'],
  ['Equal', '=+'],
  ['BracketLeft', '[{'],
  ['BracketRight', ']}'],
  ['Backslash', '\\|'],
  ['IntlBackslash', '\\|'],
  ['Semicolon', ';:'],
  ['Quote', `'"`],
  ['Comma', ',<'],
  ['Period', '.>'],
  ['Slash', '/?'],
  ['Space', '  '],
  ['NumpadDecimal', '..'],
  ['NumpadAdd', '++'],
  ['NumpadSubtract', '--'],
  ['NumpadMultiply', '**'],
  ['NumpadDivide', '//']
]);
const usShiftedDigits = ')!@#$%^&*(';
const inputMethodKeyCode = 229;

/** Reads one key that went down. */
export function readKeydown(fact: KeydownFact): Keystroke {
  const { key, code, ctrlKey, altKey } = fact;
  if (modifiers.has(key)) return { means: 'modifier' };
  if (fact.metaKey) return { means: 'other' };
  if (key === 'Enter' || key === 'Tab')
    return ctrlKey || altKey ? { means: 'other' } : { means: 'terminator' };

  const altDigit = altKey && !ctrlKey ? /^Numpad(\d)$/.exec(code)?.[1] : undefined;
  if (altDigit !== undefined) return { means: 'alt_digit', digit: altDigit };
  // Ctrl with Alt is AltGr, a character of the host's layout; Alt alone is a menu.
  if (altKey && !ctrlKey) return { means: 'other' };

  const byCode = usCharacter({ code, shiftKey: fact.shiftKey });
  const byKey = [...key].length === 1 ? key : null;
  const hidden = fact.keyCode === inputMethodKeyCode || key === 'Unidentified' || key === 'Process';
  if (hidden) {
    // An input method of the desktop hides the character but not the position.
    if (byCode === null) return { means: 'opaque' };
    return { means: 'character', character: { ...keys(fact), byCode, byKey: byCode }, control: false };
  }
  if (byKey === null && key !== 'Dead') return { means: 'other' };

  const character = { ...keys(fact), byCode: byCode ?? byKey ?? '', byKey: byKey ?? '' };
  if (ctrlKey && !altKey) return readControl(character);
  return { means: 'character', character, control: false };
}

/** The character that was typed by its number with Alt held, or null for a number that stands for none. */
export function altCharacter(digits: string): Character | null {
  const value = Number(digits);
  if (digits === '' || value < 1 || value > 255) return null;
  return plainCharacter(String.fromCharCode(value));
}

/** A character that no key tells anything more of. */
export function plainCharacter(text: string): Character {
  return { byCode: text, byKey: text, stroke: '', shiftKey: false, capsLock: false };
}

/**
 * The name of a key with what was held, under which a learned layout keeps its character: `KeyA`, `Shift+Digit7`,
 * `AltGr+KeyQ`, `Ctrl+BracketRight`; where the browser tells no position (Android), `key:a`.
 */
export function strokeOf({
  key,
  code,
  shiftKey,
  ctrlKey,
  altKey
}: Pick<KeydownFact, 'key' | 'code' | 'shiftKey' | 'ctrlKey' | 'altKey'>): string {
  const held = ctrlKey && altKey ? 'AltGr+' : ctrlKey ? 'Ctrl+' : '';
  return code === '' ? `${held}key:${key}` : `${held}${shiftKey ? 'Shift+' : ''}${code}`;
}

function keys(fact: KeydownFact): Pick<Character, 'stroke' | 'shiftKey' | 'capsLock'> {
  return { stroke: strokeOf(fact), shiftKey: fact.shiftKey, capsLock: fact.capsLock };
}

/** Ctrl with a letter or one of `[ \ ] ^ _` is a control character: Ctrl+] is GS, Ctrl+M and Ctrl+J end a line. */
function readControl(character: Character): Keystroke {
  const { byCode, byKey } = character;
  const control = controlOf(byKey) ?? controlOf(byCode);
  if (control === null) return { means: 'other' };
  if (control === '\r' || control === '\n' || control === '\t') return { means: 'terminator' };
  return {
    means: 'character',
    character: { ...character, byCode: controlOf(byCode) ?? control, byKey: control },
    control: true
  };
}

function controlOf(character: string): string | null {
  return /^[@-_a-z]$/.test(character)
    ? String.fromCharCode(character.toUpperCase().charCodeAt(0) & 0x1f)
    : null;
}

function usCharacter({
  code,
  shiftKey
}: {
  readonly code: string;
  readonly shiftKey: boolean;
}): string | null {
  const letter = /^Key([A-Z])$/.exec(code)?.[1];
  if (letter !== undefined) return shiftKey ? letter : letter.toLowerCase();
  const digit = /^Digit(\d)$/.exec(code)?.[1];
  if (digit !== undefined) return shiftKey ? usShiftedDigits.charAt(Number(digit)) : digit;
  const numpad = /^Numpad(\d)$/.exec(code)?.[1];
  if (numpad !== undefined) return numpad;
  return usPairs.get(code)?.charAt(shiftKey ? 1 : 0) ?? null;
}
