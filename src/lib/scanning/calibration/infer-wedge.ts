/**
 * Learns how a scanner types from how one known code arrives: layout, Caps Lock, prefix, suffix, terminator, pace.
 *
 *   prefix │ 0 1 2 … 9 A B … z - . … 0 1 2 … 9 │ suffix │ Enter
 *          └ the same keys at both ends         ┘
 */
import { type Character, type KeyFact } from '../keystroke';
import { splitAim } from '../scan';
import { readingsOf } from '../wedge-reading';
import { type WedgeSettings } from '../wedge-settings';
import { type CalibrationCode } from './calibration-code';
import { findCode, type FoundCode } from './find-code';
import { readTypedCode, type TypedCharacter } from './typed-code';

/** What calibration decides of a register's settings. */
export type LearnedSettings = Pick<
  WedgeSettings,
  'prefix' | 'suffix' | 'maxGapMs' | 'reading' | 'layout' | 'capsLock' | 'terminator'
>;

/** What was learned, in words that a screen can show. */
export interface Learned {
  readonly settings: LearnedSettings;
  /** The scanner's layout: US, the same as this computer's, or another one that was learned key by key. */
  readonly layout: 'us' | 'host' | 'other';
  /** Caps Lock was on while the code came. */
  readonly capsLockOn: boolean;
  /** The AIM identifier that the scanner sends, if it does. */
  readonly aim: string | null;
  /** Milliseconds from one character to the next: usual and longest. */
  readonly usualGapMs: number;
  readonly longestGapMs: number;
  /** Capital and small letters came alike: codes of some wallets can't be read. */
  readonly caseLost: boolean;
  /** Characters that the scanner did not type. */
  readonly lost: readonly string[];
}

export type Calibration =
  | { readonly ok: true; readonly learned: Learned }
  /**
   * - `nothing`: no key came.
   * - `another_code`: something else was scanned or typed.
   * - `unclear`: the code, but its characters can't be told apart.
   */
  | { readonly ok: false; readonly reason: 'nothing' | 'another_code' | 'unclear' };

/** However fast the scanner, a busy computer may hold a key back for so long. */
const leastGapMs = 30;
const mostGapMs = 240;

/**
 * @param facts  all keys and input events, from the first of the scan to the pause after it.
 */
export function inferWedge({
  code,
  facts
}: {
  readonly code: CalibrationCode;
  readonly facts: readonly KeyFact[];
}): Calibration {
  const { characters: typed, terminator } = readTypedCode(facts);
  if (typed.length === 0) return { ok: false, reason: 'nothing' };
  const characters = typed.map(({ character }) => character);
  const found = findCode({ code, characters });
  if (found === null) return { ok: false, reason: 'another_code' };

  const reading = learnReading(found);
  const settings = { reading: reading.reading, layout: reading.layout, capsLock: reading.capsLock };
  // Half of what came can be read: more than that is a mistake, not a layout.
  if (reading.wrong > found.pairs.length / 2) return { ok: false, reason: 'unclear' };

  const read = (part: readonly Character[]) => readingsOf({ characters: part, settings })[0] ?? '';
  const before = read(characters.slice(0, found.from));
  const aimAt = before.length - 3;
  const aim = aimAt < 0 ? null : splitAim(before.slice(aimAt)).aim;
  const { usualGapMs, longestGapMs } = pace(typed.slice(0, found.to));
  return {
    ok: true,
    learned: {
      settings: {
        ...settings,
        prefix: aim === null ? before : before.slice(0, aimAt),
        suffix: read(characters.slice(found.to)),
        maxGapMs: Math.min(mostGapMs, Math.max(leastGapMs, Math.ceil(longestGapMs * 1.25) + 10)),
        terminator: terminator ?? 'none'
      },
      layout: reading.reading === 'code' ? 'us' : reading.reading === 'key' ? 'host' : 'other',
      capsLockOn: characters.some(({ capsLock }) => capsLock),
      aim,
      usualGapMs,
      longestGapMs,
      caseLost: reading.caseLost,
      lost: found.lost
    }
  };
}

interface LearnedReading extends Pick<WedgeSettings, 'layout' | 'capsLock'> {
  readonly reading: 'code' | 'key' | 'learned';
  readonly caseLost: boolean;
  /** So many characters are read wrongly even so. */
  readonly wrong: number;
}

/** The simplest reading that makes the code: US positions (proof against a changed host), the host's, or key by key. */
function learnReading({ pairs }: FoundCode): LearnedReading {
  const capsLock = learnCapsLock(pairs);
  const layout = learnLayout(pairs, capsLock);
  const caseLost = isCaseLost(pairs);
  const tried = (['code', 'key', 'learned'] as const).map((reading): LearnedReading => {
    const settings = { reading, layout, capsLock };
    const wrong = pairs.filter(
      ({ character, expected }) => readingsOf({ characters: [character], settings })[0] !== expected
    ).length;
    return { ...settings, layout: reading === 'learned' ? layout : {}, caseLost, wrong };
  });
  const [first, ...others] = tried;
  if (first === undefined) throw new Error('There is always a reading to try.');
  return others.reduce((best, next) => (next.wrong < best.wrong ? next : best), first);
}

/** With Caps Lock on, a scanner that looks at it presses Shift for small letters and not for capital ones. */
function learnCapsLock(pairs: FoundCode['pairs']): WedgeSettings['capsLock'] {
  const letters = pairs.filter(
    ({ expected, character }) => isLetter(expected) && character.capsLock && character.stroke !== ''
  );
  const turned = letters.filter(({ expected, character }) => character.shiftKey !== isCapital(expected));
  return letters.length > 0 && turned.length > letters.length / 2
    ? 'compensated_by_scanner'
    : 'ignored_by_scanner';
}

/** As the keys are without Caps Lock: what a scanner turned round for it is kept the right way round. */
function learnLayout(
  pairs: FoundCode['pairs'],
  capsLock: WedgeSettings['capsLock']
): Readonly<Record<string, string>> {
  const layout: Record<string, string> = {};
  for (const { expected, character } of pairs) {
    const { stroke } = character;
    if (stroke === '' || Object.hasOwn(layout, stroke)) continue;
    const turned = capsLock === 'compensated_by_scanner' && character.capsLock && isLetter(expected);
    layout[stroke] = turned ? turnedCase(expected) : expected;
  }
  return layout;
}

function isCaseLost(pairs: FoundCode['pairs']): boolean {
  const nameOf = ({ stroke, byKey }: Character) => (stroke === '' ? byKey : stroke);
  const capitals = new Map(
    pairs
      .filter(({ expected }) => isLetter(expected) && isCapital(expected))
      .map(({ expected, character }) => [expected.toLowerCase(), nameOf(character)])
  );
  return pairs.some(
    ({ expected, character }) =>
      isLetter(expected) && !isCapital(expected) && capitals.get(expected) === nameOf(character)
  );
}

function pace(typed: readonly TypedCharacter[]): {
  readonly usualGapMs: number;
  readonly longestGapMs: number;
} {
  const gaps = typed.slice(1).map(({ at }, index) => Math.max(0, at - (typed[index]?.at ?? at)));
  const sorted = gaps.toSorted((a, b) => a - b);
  return {
    usualGapMs: Math.round(sorted[Math.floor(sorted.length / 2)] ?? 0),
    longestGapMs: Math.round(sorted.at(-1) ?? 0)
  };
}

function isLetter(text: string): boolean {
  return /^[A-Za-z]$/.test(text);
}
function isCapital(text: string): boolean {
  return text !== text.toLowerCase();
}
function turnedCase(text: string): string {
  return isCapital(text) ? text.toLowerCase() : text.toUpperCase();
}
