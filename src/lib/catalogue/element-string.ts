/**
 * GS1 element strings: what GS1-128, DataBar, GS1 DataMatrix and GS1 QR carry. Application identifiers (AI) of two to
 * four digits, each followed by its value; values of variable length end at a GS character or at the end.
 *
 * Source: GS1 General Specifications, application identifiers. The table has what a shop's goods carry; a text with an
 * identifier beyond it is refused as a whole, because nobody can say where that one's value ends.
 */
import { isGtin } from './gtin';

/** The separator between values of variable length (FNC1 as sent by a scanner). */
export const groupSeparator = '\u001d';

/** The elements in the order of the text. */
export type Elements = ReadonlyMap<string, string>;

export type ElementStringProblem = 'not_gs1' | 'unknown_identifier' | 'bad_value';

export type ElementStringParsed =
  | { readonly ok: true; readonly elements: Elements }
  | { readonly ok: false; readonly reason: ElementStringProblem };

interface ElementRule {
  readonly identifier: RegExp;
  readonly value: RegExp;
  /** The longest value, and for a fixed one its only length. */
  readonly length: number;
  readonly fixed: boolean;
}

const gs1Aims: ReadonlySet<string> = new Set([']C1', ']e0', ']e1', ']e2', ']d2', ']Q3', ']J1']);

/** GS1 character set 82, a little wider: every printable ASCII character but the last few. */
const text = '[!-z]';
const rules: readonly ElementRule[] = [
  fixed('00', 18), // shipping container
  fixed('0[12]', 14), // GTIN; GTIN of the contents
  upTo('10', 20, text), // batch
  fixed('1[123567]', 6), // dates: made, due, packed, best before, sell by, expires
  fixed('20', 2), // variant
  upTo('2[12]', 20, text), // serial; variant for consumers
  upTo('24[01]', 30, text), // additional product numbers
  upTo('25[01]', 30, text), // secondary serial, reference to the source
  upTo('30', 8, '[0-9]'), // count of variable measure
  fixed('3[1-6][0-9]{2}', 6), // weights and sizes; last digit: decimals
  upTo('37', 8, '[0-9]'), // count of the contents
  upTo('39[02][0-9]', 15, '[0-9]'), // amount due; last digit: decimals
  upTo('39[13][0-9]', 18, '[0-9]'), // the same with an ISO 4217 number in front
  fixed('394[0-9]', 4), // percent off
  upTo('400', 30, text), // order number of the customer
  fixed('41[0-7]', 13), // locations
  fixed('422', 3), // country of origin
  fixed('8005', 6), // price per unit of measure
  upTo('8020', 25, text), // payment slip
  upTo('8200', 70, text), // address of a page
  upTo('9[0-9]', 90, text) // agreed within a company
];

/**
 * Says whether a scan is to be read as an element string: its symbology says so, or it has a GS character. Without
 * either, digits starting with 01 are just digits.
 */
export function looksLikeElementString({
  text: scanned,
  aim
}: {
  readonly text: string;
  readonly aim?: string | null | undefined;
}): boolean {
  return (aim !== undefined && aim !== null && gs1Aims.has(aim)) || scanned.includes(groupSeparator);
}

/**
 * Takes an element string apart.
 *
 * @param text as scanned, without the AIM identifier. Values of fixed length may be followed by a GS character, too.
 * @returns values by identifier (`01`, `3103`), or why not. An identifier that comes twice must say the same.
 */
export function parseElementString({ text: scanned }: { readonly text: string }): ElementStringParsed {
  const elements = new Map<string, string>();
  let rest = scanned;
  while (rest.startsWith(groupSeparator)) rest = rest.slice(1);
  if (rest === '') return { ok: false, reason: 'not_gs1' };

  while (rest !== '') {
    const found = elementAtStart(rest);
    if (found === null) return { ok: false, reason: elements.size === 0 ? 'not_gs1' : 'unknown_identifier' };
    const { identifier, value, rule } = found;
    if (!isGoodElement({ identifier, value, rule })) return { ok: false, reason: 'bad_value' };
    if ((elements.get(identifier) ?? value) !== value) return { ok: false, reason: 'bad_value' };
    elements.set(identifier, value);
    rest = rest.slice(identifier.length + value.length);
    if (rest.startsWith(groupSeparator)) rest = rest.slice(1);
    else if (rest !== '' && !rule.fixed) return { ok: false, reason: 'bad_value' };
  }
  return { ok: true, elements };
}

/**
 * Checks one pair of identifier and value that came by another way, such as a web address.
 */
export function isElement({
  identifier,
  value
}: {
  readonly identifier: string;
  readonly value: string;
}): boolean {
  const rule = ruleOf(identifier);
  return rule !== null && isGoodElement({ identifier, value, rule });
}

function fixed(identifier: string, length: number): ElementRule {
  return rule({ identifier, digits: '[0-9]', length, isFixed: true });
}

function upTo(identifier: string, length: number, characters: string): ElementRule {
  return rule({ identifier, digits: characters, length, isFixed: false });
}

function rule(of: { identifier: string; digits: string; length: number; isFixed: boolean }): ElementRule {
  const times = of.isFixed ? `{${of.length}}` : `{1,${of.length}}`;
  return {
    identifier: new RegExp(`^${of.identifier}`),
    value: new RegExp(`^${of.digits}${times}$`),
    length: of.length,
    fixed: of.isFixed
  };
}

function ruleOf(identifier: string): ElementRule | null {
  return rules.find((rule) => rule.identifier.exec(identifier)?.[0] === identifier) ?? null;
}

function elementAtStart(rest: string): { identifier: string; value: string; rule: ElementRule } | null {
  for (const rule of rules) {
    const identifier = rule.identifier.exec(rest)?.[0];
    if (identifier === undefined) continue;
    const after = rest.slice(identifier.length);
    const end = after.indexOf(groupSeparator);
    const untilSeparator = end === -1 ? after : after.slice(0, end);
    return { identifier, value: rule.fixed ? untilSeparator.slice(0, rule.length) : untilSeparator, rule };
  }
  return null;
}

function isGoodElement({
  identifier,
  value,
  rule
}: {
  identifier: string;
  value: string;
  rule: ElementRule;
}): boolean {
  if (!rule.value.test(value)) return false;
  return identifier === '01' || identifier === '02' ? isGtin(value) : true;
}
