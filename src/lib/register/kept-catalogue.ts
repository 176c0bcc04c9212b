/**
 * The catalogue for a start without a network: one text, which a browser reads back many times faster than fifty thousand
 * records. It was checked when it came from the server, and is not checked again.
 */
import type { Catalogue } from '$lib/catalogue/product';
import { readCatalogue } from './api';

/** Raised with every change of {@link Catalogue}: what an older page kept is checked like an answer, or left. */
const shape = 1;

/** @param catalogue as the server's answer was read */
export function keepCatalogue(catalogue: Catalogue): unknown {
  return { shape, text: JSON.stringify(catalogue) };
}

/** Undefined where nothing was kept that can be used. */
export function readKeptCatalogue(kept: unknown): Catalogue | undefined {
  if (typeof kept !== 'object' || kept === null) return undefined;
  if (!('shape' in kept) || !('text' in kept) || typeof kept.text !== 'string') return readCatalogue(kept);
  if (kept.shape !== shape) return readCatalogue(parse(kept.text));
  // eslint-disable-next-line @typescript-eslint/consistent-type-assertions -- the store's border: it holds what keepCatalogue wrote
  return parse(kept.text) as Catalogue | undefined;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
