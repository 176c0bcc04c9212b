/** Finds the calibration code among typed characters, whatever the layout made of them. */
import { type Character } from '../keystroke';
import { type CalibrationCode } from './calibration-code';

/** Where the code lies, and which character was typed for which of its own. */
export interface FoundCode {
  /** Index of its first character, and the one after its last. */
  readonly from: number;
  readonly to: number;
  readonly pairs: readonly { readonly expected: string; readonly character: Character }[];
  /** Characters of the code that were not typed at all. */
  readonly lost: readonly string[];
}

/** So many characters may be missing in the middle, or stand there twice, before the code counts as another one. */
const mostAstray = 6;

/**
 * @returns null where the code's beginning and end are not there.
 */
export function findCode({
  code: { text, anchorLength },
  characters
}: {
  readonly code: CalibrationCode;
  readonly characters: readonly Character[];
}): FoundCode | null {
  const expected = [...text];
  const names = characters.map(nameOf);
  let best: { readonly found: FoundCode; readonly doubt: number } | null = null;

  for (let from = 0; from + expected.length - mostAstray <= names.length; from += 1) {
    const anchor = names.slice(from, from + anchorLength);
    if (new Set(anchor).size !== anchorLength) continue;
    for (let last = from + anchorLength; last + anchorLength <= names.length; last += 1) {
      if (!anchor.every((name, at) => names[last + at] === name)) continue;
      const to = last + anchorLength;
      const astray = Math.abs(to - from - expected.length);
      if (astray > mostAstray) continue;
      const found = { from, to, ...align(expected, characters.slice(from, to)) };
      // a prefix that is the code's own last sign makes the ends fit one place too early
      const doubt = astray * expected.length + found.pairs.filter((pair) => !isPlain(pair)).length;
      if (best === null || doubt < best.doubt) best = { found, doubt };
    }
  }
  return best?.found ?? null;
}

/** What tells two typed characters apart: the keys, or the character itself where no key tells. */
function nameOf({ stroke, byKey }: Character): string {
  return stroke === '' ? `text:${byKey}` : stroke;
}

// Two letters that a layout swaps cost less than one lost and one too many.
const otherCost = 0.9;
const astrayCost = 1;

/** Pairs them one by one, or where some are missing, at the least cost: a pair that one of the readings explains is free. */
function align(expected: readonly string[], typed: readonly Character[]): Pick<FoundCode, 'pairs' | 'lost'> {
  if (expected.length === typed.length) {
    const pairs = typed.map((character, at) => ({ expected: expected[at] ?? '', character }));
    return { pairs, lost: [] };
  }
  const width = typed.length + 1;
  const costs: number[] = Array.from({ length: (expected.length + 1) * width }, () => Infinity);
  const costAt = (e: number, t: number) => (e < 0 || t < 0 ? Infinity : (costs[e * width + t] ?? Infinity));
  const pairCost = (e: number, t: number) => {
    const wanted = expected[e - 1];
    const came = typed[t - 1];
    if (wanted === undefined || came === undefined) return Infinity;
    return isPlain({ expected: wanted, character: came }) ? 0 : otherCost;
  };
  for (let e = 0; e <= expected.length; e += 1) {
    for (let t = 0; t <= typed.length; t += 1) {
      costs[e * width + t] =
        e === 0 && t === 0
          ? 0
          : Math.min(
              costAt(e - 1, t - 1) + pairCost(e, t),
              costAt(e - 1, t) + astrayCost,
              costAt(e, t - 1) + astrayCost
            );
    }
  }

  const pairs: { readonly expected: string; readonly character: Character }[] = [];
  const lost: string[] = [];
  let e = expected.length;
  let t = typed.length;
  while (e > 0 || t > 0) {
    const wanted = expected[e - 1];
    const came = typed[t - 1];
    const cost = costAt(e, t);
    if (wanted !== undefined && came !== undefined && cost === costAt(e - 1, t - 1) + pairCost(e, t)) {
      pairs.push({ expected: wanted, character: came });
      e -= 1;
      t -= 1;
    } else if (wanted !== undefined && cost === costAt(e - 1, t) + astrayCost) {
      lost.push(wanted);
      e -= 1;
    } else {
      t -= 1;
    }
  }
  return { pairs: pairs.toReversed(), lost: lost.toReversed() };
}

/** One of the readings gives it, but for its case; or it is a digit on its own key, with Shift or without. */
function isPlain({ expected, character }: FoundCode['pairs'][number]): boolean {
  if (/^\d$/.test(expected) && character.stroke.endsWith(`Digit${expected}`)) return true;
  return sameLetter(character.byCode, expected) || sameLetter(character.byKey, expected);
}

function sameLetter(a: string, b: string): boolean {
  return a.toLowerCase() === b.toLowerCase();
}
