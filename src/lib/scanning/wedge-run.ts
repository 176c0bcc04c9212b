/**
 * A run: characters that followed each other closely. A scanner makes one, and so may a fast typist; this file weighs the
 * evidence. Scanners type at 8 to 100 ms a key and people at 60 ms or more, so the time alone proves only what is faster
 * than a hand. Anything slower needs a second proof: the scanner's own prefix and suffix, or a form that no hand types by chance.
 */
import { hasKnownForm } from './known-form';
import { type Character } from './keystroke';

/** How this register's scanner types, learned or set by hand. */
export interface WedgeSettings {
  /** What the scanner is programmed to type before each code; empty if nothing. */
  readonly prefix: string;
  /** What it types after each code, before Enter or Tab; empty if nothing. */
  readonly suffix: string;
  /** Longest time from one character to the next, in milliseconds. The calibrated value is the scanner's own. */
  readonly maxGapMs: number;
  /** Shortest code that is read. */
  readonly minLength: number;
  /** Which reading is right on this register: key positions on a US keyboard, the host's characters, or each time the one that makes sense. */
  readonly reading: 'auto' | 'code' | 'key';
  /** Whether the scanner ends a code with Enter or Tab. `never` lets a slow code count without one; `always` waits for it. */
  readonly terminator: 'unknown' | 'always' | 'never';
}

/** No hand types this fast for long: people take 60 ms a key at the least, most scanners 8 to 30. */
export const fasterThanHandsMs = 50;
/** Where nothing is being typed there is time: Zebra's slowest is 80 to 100 ms a key, twice that with Shift. */
export const patientGapMs = 200;

/**
 * An uncalibrated register's settings. The gap stands just below the fastest hand, five times above a usual scanner: a longer
 * one would take quick typing in the search box for a scan, a shorter one would cut a scan in two when the host hesitates.
 */
export const defaultWedgeSettings: WedgeSettings = {
  prefix: '',
  suffix: '',
  maxGapMs: fasterThanHandsMs,
  minLength: 6,
  reading: 'auto',
  terminator: 'unknown'
};

/** Where the keys go and what the screen waits for. */
export interface WedgeContext {
  /** A field has the focus, so the keys may be somebody's typing. */
  readonly inField: boolean;
  /** The screen expects a scan and takes every key. */
  readonly expecting: boolean;
}

/** Characters that followed each other closely, so far. */
export interface Run {
  readonly context: WedgeContext;
  readonly characters: Character[];
  /** Milliseconds before each character since the one before it; the first is 0. */
  readonly gaps: number[];
  lastAt: number;
  /** Where the scan begins in the characters, once it was typed faster than hands can; null before. */
  scanFrom: number | null;
}

/** A wallet's code has at least this many characters. */
const shortestPaymentCode = 16;

interface Reading {
  readonly text: string;
  /** It carries the scanner's own marks, or has a form that we know. */
  readonly sure: boolean;
  /** The scanner's suffix ends what its prefix began. */
  readonly closed: boolean;
}

/** Weighs runs by a register's settings. */
export interface RunJudge {
  /** Longest time to the next character, in milliseconds, after which the run is over. */
  readonly patienceMs: (run: Run) => number;
  /** Where the scan begins if the last characters came faster than hands type, else null. */
  readonly provenFrom: (run: Run) => number | null;
  /** The scan's text, AIM identifier included, if the finished run is a scan, else null. */
  readonly verdict: (finished: { readonly run: Run; readonly terminated: boolean }) => string | null;
  /** Shortest run that can be a scan, in characters. */
  readonly minLength: number;
}

/**
 * Makes a judge.
 *
 * @param isKnown  whether the catalogue, or anything else of the shop's own, knows this text.
 */
export function createRunJudge({
  settings,
  isKnown
}: {
  readonly settings: WedgeSettings;
  readonly isKnown: (text: string) => boolean;
}): RunJudge {
  const { prefix, suffix, maxGapMs } = settings;
  const minLength = Math.max(2, settings.minLength);
  const fastGapMs = Math.min(fasterThanHandsMs, maxGapMs);

  function patienceMs(run: Run): number {
    const mayWait = !run.context.inField || beginsWithPrefix(run.characters);
    if (!mayWait) return maxGapMs;
    const longest = Math.max(maxGapMs, patientGapMs);
    if (settings.terminator === 'always' || run.gaps.length < 5) return longest;
    // A scanner keeps its pace: three times its latest gaps is a break, and the next scan is not swallowed by this one.
    return Math.min(longest, Math.max(maxGapMs, 3 * Math.max(...run.gaps.slice(-4))));
  }

  function beginsWithPrefix(characters: readonly Character[]): boolean {
    if (prefix === '' || characters.length < prefix.length) return false;
    const start = characters.slice(0, prefix.length);
    return textBy('byKey', start) === prefix || textBy('byCode', start) === prefix;
  }

  function provenFrom(run: Run): number | null {
    const { gaps } = run;
    if (gaps.length < minLength) return null;
    if (gaps.slice(1 - minLength).some((gap) => gap > fastGapMs)) return null;
    // A pause parts somebody's key from the scan; after keys at the scanner's own pace it was only the host that hesitated.
    const begin = gaps.findLastIndex((gap, index) => {
      return gap > maxGapMs && (index < 2 || (gaps[index - 1] ?? 0) > fastGapMs);
    });
    return Math.max(0, begin);
  }

  function verdict({ run, terminated }: { readonly run: Run; readonly terminated: boolean }): string | null {
    const whole = read(run.characters);
    const paceMs = Math.max(...run.gaps);
    const ended = terminated || whole.closed || (settings.terminator === 'never' && paceMs <= maxGapMs);
    if (run.scanFrom !== null) {
      const proven = read(run.characters.slice(run.scanFrom));
      return longEnough(whole.sure && !proven.sure ? whole.text : proven.text);
    }
    if (whole.sure && ended) return longEnough(whole.text);
    // The pay panel may meet a wallet that we don't know, typed by a slow scanner.
    const long = run.context.expecting && !run.context.inField && whole.text.length >= shortestPaymentCode;
    return long && terminated ? longEnough(whole.text) : null;
  }

  function longEnough(text: string): string | null {
    return text.length >= minLength ? text : null;
  }

  /** The reading that makes sense. */
  function read(characters: readonly Character[]): Reading {
    const byKey = unwrap(textBy('byKey', characters));
    const byCode = unwrap(textBy('byCode', characters));
    if (settings.reading === 'code') return byCode;
    if (settings.reading === 'key' || byKey.sure || !byCode.sure) return byKey;
    return byCode;
  }

  function unwrap(typed: string): Reading {
    const prefixed = prefix !== '' && typed.startsWith(prefix);
    const unprefixed = prefixed ? typed.slice(prefix.length) : typed;
    const suffixed = suffix !== '' && unprefixed.endsWith(suffix);
    const text = suffixed ? unprefixed.slice(0, -suffix.length) : unprefixed;
    const marked = prefixed && (suffix === '' || suffixed);
    return { text, sure: marked || hasKnownForm(text) || isKnown(text), closed: prefixed && suffixed };
  }

  return { patienceMs, provenFrom, verdict, minLength };
}

function textBy(reading: keyof Character, characters: readonly Character[]): string {
  return characters.map((character) => character[reading]).join('');
}
