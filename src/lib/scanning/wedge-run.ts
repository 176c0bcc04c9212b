/**
 * A run: characters that followed each other closely. A scanner makes one, and so may a fast typist; this file weighs the
 * evidence. Scanners type at 8 to 100 ms a key and people at 60 ms or more, so the time alone proves only what is faster
 * than a hand. Anything slower needs a second proof: the scanner's own prefix and suffix, or a form that no hand types by chance.
 */
import { hasKnownForm } from './known-form';
import { type Character } from './keystroke';
import { beginsLikePaymentCode } from './payment-code';
import { splitAim } from './scan';
import { readingsOf } from './wedge-reading';
import { fasterThanHandsMs, type WedgeSettings } from './wedge-settings';

/** After this pause a run is over: Zebra's slowest is 100 ms a key, twice that with Shift, and a busy host may hesitate. */
export const patientGapMs = 250;

/**
 * Where the scanner is known to end its codes with Enter or Tab, silence alone ends a scan only after so long: a computer
 * under load hands keys on late, and their own times still tell that they belong together.
 */
export const silentGapMs = 1000;

/** Where the keys go and what the screen waits for. */
export interface WedgeContext {
  /** A field has the focus, so the keys may be somebody's typing. */
  readonly inField: boolean;
  /** The screen expects a scan and takes every key. */
  readonly expecting: boolean;
  /** It waits for a shopper's payment code, which may begin with anything. */
  readonly paying: boolean;
}

/**
 * Characters that followed each other closely, so far. Somebody's keys may stand before the scan's:
 *
 *   m i l k 4 0 0 6 3 8 1 3 3 3 9 3 1
 *   │       └ beginsAt: the scan, if it is one
 *   └ the run
 */
export interface Run {
  readonly context: WedgeContext;
  readonly characters: Character[];
  /** Milliseconds before each character since the one before it; the first is 0. */
  readonly gaps: number[];
  /** The latest place where a scan may have begun; fixed once it is proven. */
  beginsAt: number;
  lastAt: number;
  /** It was typed faster than hands can. */
  proven: boolean;
}

/** Which part of a run: all of it, or the scan alone. */
export type RunPart = 'run' | 'scan';

/** A computer may hold the next key back for so long, however fast the scanner. */
const shortestPauseMs = 15;

/** UPC-A to GTIN-14: shorter ones stand at the beginning of others. */
const shortestWholeCode = 12;
const longestWholeCode = 14;

/** A wallet's code has at least this many characters. */
const shortestPaymentCode = 16;

interface Reading {
  readonly text: string;
  /** It carries the scanner's own marks. */
  readonly marked: boolean;
  /** It is marked, or has a form that we know. */
  readonly sure: boolean;
  /** The scanner's suffix ends what its prefix began. */
  readonly closed: boolean;
}

/** Weighs runs by a register's settings. */
export interface RunJudge {
  /** Longest time to the next character, in milliseconds, after which the run is over. */
  readonly patienceMs: (run: Run) => number;
  /** The same where only the clock tells, and no key that came later. */
  readonly silenceMs: (run: Run) => number;
  /** Whether a scan may begin with a character that comes so long after the run's last. */
  readonly mayBegin: (next: { readonly run: Run; readonly gapMs: number }) => boolean;
  /** Whether the run's last characters came faster than hands type. */
  readonly isProven: (run: Run) => boolean;
  /** The scan in a finished run, AIM identifier included, and the part that it is; null if there is none. */
  readonly verdict: (finished: {
    readonly run: Run;
    readonly terminated: boolean;
  }) => { readonly text: string; readonly part: RunPart } | null;
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
  const longestTyped = prefix.length + ']E0'.length + longestWholeCode + suffix.length;

  function patienceMs({ gaps }: Run): number {
    const longest = Math.max(maxGapMs, patientGapMs);
    if (settings.terminator !== 'none' || gaps.length < minLength) return longest;
    // Only a pause ends this scanner's codes. It keeps its pace: three of its latest gaps are a pause.
    return Math.min(longest, Math.max(maxGapMs, 3 * Math.max(...gaps.slice(-4))));
  }

  function silenceMs(run: Run): number {
    const announced = settings.terminator === 'enter' || settings.terminator === 'tab';
    if (announced) return silentGapMs;
    if (!isProduct(run)) return patienceMs(run);
    // A scanner that hesitated once in this code may do so again: half as long again as its longest gap.
    const longest = Math.max(...run.gaps.slice(run.beginsAt + 1));
    return Math.min(patienceMs(run), Math.max(shortestPauseMs, 1.5 * longest));
  }

  /** A product of the shop by its whole code: where only a pause ends codes, hardly anything goes on after it. */
  function isProduct(run: Run): boolean {
    if (settings.terminator !== 'none' || !run.proven || run.context.paying) return false;
    const characters = run.characters.slice(run.beginsAt);
    if (characters.length < shortestWholeCode || characters.length > longestTyped) return false;
    const { text } = splitAim(read(characters).text);
    return text.length >= shortestWholeCode && isKnown(text) && !beginsLikePaymentCode(text);
  }

  function mayBegin({ run: { gaps }, gapMs }: { readonly run: Run; readonly gapMs: number }): boolean {
    // A pause parts somebody's keys from the scan; after keys at the scanner's own pace it was only the host that hesitated.
    return gapMs > maxGapMs && (gaps.length < 2 || (gaps.at(-1) ?? 0) > fastGapMs);
  }

  function isProven({ gaps, beginsAt }: Run): boolean {
    if (gaps.length - beginsAt < minLength) return false;
    return gaps.slice(1 - minLength).every((gap) => gap <= fastGapMs);
  }

  function verdict({
    run,
    terminated
  }: {
    readonly run: Run;
    readonly terminated: boolean;
  }): { readonly text: string; readonly part: RunPart } | null {
    const whole = { ...read(run.characters), part: 'run' as const };
    const scan = { ...read(run.characters.slice(run.beginsAt)), part: 'scan' as const };
    const sure = scan.sure ? scan : whole.sure ? whole : null;
    if (run.proven) return longEnough(sure ?? scan);

    const takesAll = run.context.expecting && !run.context.inField;
    // The pay panel may meet a wallet that we don't know, typed by a slow scanner.
    if (sure === null)
      return takesAll && terminated && whole.text.length >= shortestPaymentCode ? whole : null;
    const paceMs = Math.max(...run.gaps.slice(sure.part === 'run' ? 1 : run.beginsAt + 1));
    const inTime = paceMs <= maxGapMs;
    // What a hand types into a field at a hand's pace is typed, though it be a product's number.
    if (run.context.inField && !inTime && !sure.marked) return null;
    const ended = terminated || sure.closed || (settings.terminator === 'none' && inTime);
    return ended ? longEnough(sure) : null;
  }

  function longEnough<Part extends { readonly text: string }>(part: Part): Part | null {
    return part.text.length >= minLength ? part : null;
  }

  /** The reading that makes sense. */
  function read(characters: readonly Character[]): Reading {
    const readings = readingsOf({ characters, settings }).map(unwrap);
    return readings.find(({ sure }) => sure) ?? readings[0] ?? unwrap('');
  }

  function unwrap(typed: string): Reading {
    const prefixed = prefix !== '' && typed.startsWith(prefix);
    const unprefixed = prefixed ? typed.slice(prefix.length) : typed;
    const suffixed = suffix !== '' && unprefixed.endsWith(suffix);
    const text = suffixed ? unprefixed.slice(0, -suffix.length) : unprefixed;
    const marked = prefixed && (suffix === '' || suffixed);
    return {
      text,
      marked,
      sure: marked || hasKnownForm(text) || isKnown(text),
      closed: prefixed && suffixed
    };
  }

  return { patienceMs, silenceMs, mayBegin, isProven, verdict, minLength };
}
