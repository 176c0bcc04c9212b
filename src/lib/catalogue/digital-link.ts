import { isElement, type Elements } from './element-string';
import { toGtin14 } from './gtin';

/**
 * Reads a GS1 Digital Link: a web address of any host whose path names a GTIN, such as
 * `https://example.com/01/03046920029759/10/ABC?15=251031`.
 *
 * Source: GS1 Digital Link URI syntax, uncompressed form. The address is only read, never opened.
 *
 * @returns the elements, the GTIN (`01`) always among them and in 14 digits; null when it is no such address. What else
 * the address carries and is no valid element is left out: trackers are appended to such addresses.
 */
export function parseDigitalLink({ text }: { readonly text: string }): Elements | null {
  if (!/^https?:\/\//i.test(text) || !URL.canParse(text)) return null;
  const url = new URL(text);
  const segments = url.pathname.split('/').map(decoded);

  // the host's own folders may stand in front, one of them may even be called 01
  const at = segments.findIndex((segment, index) => {
    return (segment === '01' || segment === 'gtin') && toGtin14({ text: segments[index + 1] ?? '' }) !== null;
  });
  const gtin = at === -1 ? null : toGtin14({ text: segments[at + 1] ?? '' });
  if (gtin === null) return null;

  const elements = new Map([['01', gtin]]);
  for (let index = at + 2; index + 1 < segments.length; index += 2) {
    add(elements, segments[index] ?? '', segments[index + 1] ?? '');
  }
  for (const [name, value] of url.searchParams) add(elements, name, value);
  return elements;
}

function add(elements: Map<string, string>, identifier: string, value: string): void {
  if (!elements.has(identifier) && isElement({ identifier, value })) elements.set(identifier, value);
}

function decoded(segment: string): string {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment; // a broken escape: then it is just text
  }
}
