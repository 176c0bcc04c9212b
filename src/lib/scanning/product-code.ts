/** Whether a scan wears a product's code: a valid GTIN in a symbology that products wear. */
import { parseDigitalLink } from '$lib/catalogue/digital-link';
import { looksLikeElementString, parseElementString } from '$lib/catalogue/element-string';
import { toGtin14 } from '$lib/catalogue/gtin';

// EAN and UPC, EAN-8, DataBar, ITF-14. Without an identifier, length and check digit have to do.
const plainAims: ReadonlySet<string> = new Set([']E0', ']E4', ']e0', ']I1']);

/**
 * The product number in a scan, as 14 digits: plain, in a GS1 element string, or in a GS1 Digital Link.
 *
 * @param text  without AIM identifier.
 * @param aim  the AIM identifier, if the scanner sends one.
 * @returns null when the check digit is wrong or the symbology is not one of products.
 */
export function productGtin({
  text,
  aim
}: {
  readonly text: string;
  readonly aim: string | null;
}): string | null {
  const plain = aim === null || plainAims.has(aim) ? toGtin14({ text, aim }) : null;
  if (plain !== null) return plain;
  if (looksLikeElementString({ text, aim })) {
    const parsed = parseElementString({ text });
    return parsed.ok ? (parsed.elements.get('01') ?? null) : null;
  }
  return parseDigitalLink({ text })?.get('01') ?? null;
}
