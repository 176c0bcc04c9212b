/** What a scanner typed, as far as calibration is concerned: characters with their times, and the key that ended them. */
import { altCharacter, plainCharacter, readKeydown, type Character, type KeyFact } from '../keystroke';

/** One character and when it came. */
export interface TypedCharacter {
  readonly character: Character;
  readonly at: number;
}

export interface TypedCode {
  readonly characters: readonly TypedCharacter[];
  /** Which key ended it; null where none did (yet). */
  readonly terminator: 'enter' | 'tab' | null;
}

/** Reads keys and input events in the order in which they came. What follows the terminator does not count. */
export function readTypedCode(facts: readonly KeyFact[]): TypedCode {
  const characters: TypedCharacter[] = [];
  let altDigits = '';
  let inputFollows = false;

  for (const fact of facts) {
    const { at } = fact;
    if (fact.type === 'keyup') {
      const character = fact.key === 'Alt' ? altCharacter(altDigits) : null;
      if (fact.key === 'Alt') altDigits = '';
      if (character !== null) characters.push({ character, at });
      continue;
    }
    if (fact.type === 'input') {
      if (!inputFollows) continue;
      for (const text of fact.text) {
        if (text !== '\n' && text !== '\r') characters.push({ character: plainCharacter(text), at });
        else if (characters.length > 0) return { characters, terminator: 'enter' };
      }
      continue;
    }
    if (fact.repeat) continue;
    const stroke = readKeydown(fact);
    if (stroke.means !== 'modifier') inputFollows = stroke.means === 'opaque';
    if (stroke.means === 'alt_digit') altDigits += stroke.digit;
    if (stroke.means === 'character') characters.push({ character: stroke.character, at });
    if (stroke.means === 'terminator' && characters.length > 0)
      return { characters, terminator: fact.key === 'Tab' ? 'tab' : 'enter' };
  }
  return { characters, terminator: null };
}
