/** The ways to read typed characters: which layout the scanner has, and what Caps Lock did to its letters. */
import { type Character } from './keystroke';
import { type WedgeSettings } from './wedge-settings';

/**
 * The texts that the characters may mean, the likeliest first. One where the register has learned which; otherwise as the
 * host reads them and by the keys' positions, and with Caps Lock on once more as if the scanner had compensated for it.
 */
export function readingsOf({
  characters,
  settings: { reading, layout, capsLock }
}: {
  readonly characters: readonly Character[];
  readonly settings: Pick<WedgeSettings, 'reading' | 'layout' | 'capsLock'>;
}): readonly string[] {
  const compensated = capsLock === 'compensated_by_scanner';
  const byKey = (fix: boolean): string => textOf(characters, (one) => (fix ? unlocked(one) : one.byKey));
  const byCode = (fix: boolean): string =>
    textOf(characters, (one) => (fix && one.capsLock ? otherCase(one.byCode) : one.byCode));
  if (reading === 'code') return [byCode(compensated)];
  if (reading === 'key') return [byKey(!compensated)];
  if (reading === 'learned') return [textOf(characters, (one) => learned(one, { layout, compensated }))];

  const locked = characters.some((one) => one.capsLock);
  const likely = [byKey(!compensated), byCode(compensated)];
  return locked ? [...likely, byKey(compensated), byCode(!compensated)] : likely;
}

function learned(
  one: Character,
  { layout, compensated }: { readonly layout: WedgeSettings['layout']; readonly compensated: boolean }
): string {
  const text = Object.hasOwn(layout, one.stroke) ? layout[one.stroke] : undefined;
  if (text === undefined) return compensated ? one.byKey : unlocked(one);
  return compensated && one.capsLock ? otherCase(text) : text;
}

/** The host's character without Caps Lock. By Shift, because some hosts invert a letter for it and some do not. */
function unlocked({ byKey, capsLock, shiftKey }: Character): string {
  if (!capsLock || otherCase(byKey) === byKey) return byKey;
  return shiftKey ? byKey.toUpperCase() : byKey.toLowerCase();
}

/** The same letter, small for capital; anything else, and a letter whose other case is not one letter, stays. */
function otherCase(text: string): string {
  const other = text === text.toLowerCase() ? text.toUpperCase() : text.toLowerCase();
  return other.length === text.length ? other : text;
}

function textOf(characters: readonly Character[], read: (character: Character) => string): string {
  return characters.map(read).join('');
}
