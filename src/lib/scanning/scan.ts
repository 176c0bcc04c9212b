/** One scan, whichever road it came by, and the AIM identifier that a scanner may put before the code. */

/** The road that a scan came by. */
export type ScanSource = 'wedge' | 'hid' | 'serial' | 'camera' | 'typed';

/** What a scanner read. It may be a payment code, which is a secret: never log a scan, never put it in an error. */
export interface Scan {
  /** The code without AIM identifier, prefix, suffix and terminator. */
  readonly text: string;
  /** The code as bytes, also without the AIM identifier. */
  readonly bytes: Uint8Array;
  /** The AIM identifier, such as `]E0`, if the scanner sends one. */
  readonly aim: string | null;
  /** The symbology's name for people, as far as the AIM identifier tells. */
  readonly symbology: string | null;
  readonly source: ScanSource;
  /** When its last part arrived, in milliseconds of a monotonic clock. */
  readonly at: number;
}

// Only this shape is an identifier: "]" alone may be data.
const aimPattern = /^\][A-Za-z][0-9A-Za-z]/;

/** Says whether a text is an AIM identifier and nothing else. */
export function isAim(text: string): boolean {
  return text.length === 3 && aimPattern.test(text);
}

const symbologies: ReadonlyMap<string, string> = new Map([
  [']E0', 'EAN-13 or UPC'],
  [']E4', 'EAN-8'],
  [']C0', 'Code 128'],
  [']C1', 'GS1-128'],
  [']e0', 'GS1 DataBar'],
  [']I1', 'ITF-14'],
  [']Q1', 'QR'],
  [']Q2', 'QR'],
  [']Q3', 'GS1 QR'],
  [']d2', 'GS1 DataMatrix']
]);

/**
 * Makes a scan of what a device sent: takes off the AIM identifier and names the symbology by it.
 *
 * @param text  as sent, without prefix, suffix and terminator.
 * @param bytes  the same as bytes, where the road has them; by default the text in UTF-8.
 * @param aim  the identifier, where the road delivers it apart from the text; the text is then left as it is.
 * @param at  milliseconds of a monotonic clock.
 */
export function createScan({
  text,
  bytes = new TextEncoder().encode(text),
  aim,
  source,
  at
}: {
  readonly text: string;
  readonly bytes?: Uint8Array;
  readonly aim?: string | null;
  readonly source: ScanSource;
  readonly at: number;
}): Scan {
  if (aim !== undefined) return { text, bytes, aim, symbology: symbologyOf(aim), source, at };
  const split = splitAim(text);
  return {
    text: split.text,
    bytes: split.aim === null ? bytes : bytes.subarray(split.aim.length),
    aim: split.aim,
    symbology: symbologyOf(split.aim),
    source,
    at
  };
}

/** Splits a leading AIM identifier from the code. Only `]`, a letter and a letter or digit are one. */
export function splitAim(text: string): { readonly aim: string | null; readonly text: string } {
  const aim = aimPattern.exec(text)?.[0] ?? null;
  return { aim, text: aim === null ? text : text.slice(aim.length) };
}

/** The symbology's name for people, or null where the identifier is missing or not one that shops meet. */
export function symbologyOf(aim: string | null): string | null {
  return aim === null ? null : (symbologies.get(aim) ?? null);
}
