/**
 * Finding products: by id, by any form in which a scanner may send their code, by what a person types. Built once for a
 * catalogue; a scan costs the same in a shop of ten products and of a hundred thousand.
 */
import { parseDigitalLink } from './digital-link';
import { looksLikeElementString, parseElementString, type Elements } from './element-string';
import { gtin14Readings, toGtin14, type EightDigits } from './gtin';
import { currentPrice, type Catalogue, type PriceVersion, type Product, type TaxRate } from './product';
import { createSearch } from './search';
import { measureOfElements, readEmbeddedCode, type EmbeddedPattern, type Measure } from './weighed';

/** A scan, as far as a catalogue is concerned. */
export interface ScannedCode {
  /** Without AIM identifier and without the scanner's suffix. */
  readonly text: string;
  /** Symbology identifier such as `]E0`, when the scanner sends one. */
  readonly aim?: string | null | undefined;
}

/** A product that a scan names, and how much of it, when the code says so. */
export interface ScanMatch {
  readonly product: Product;
  /** `'unclear'`: the code carries a weight or price that can't be used exactly; a person must enter it. */
  readonly measure: Measure | 'unclear' | null;
}

/** What a shop may set about codes. */
export interface LookupSettings {
  /** How the shop builds its own codes (weight, price); none by default. */
  readonly embeddedPatterns?: readonly EmbeddedPattern[];
  /** What eight digits without a symbology are; EAN-8 by default. */
  readonly eightDigits?: EightDigits;
}

export interface Lookup {
  /** Also finds what is no longer sold: old orders name it. */
  byId(id: string): Product | null;
  /**
   * The product that a scan stands for as one piece. A code that carries a weight, a price or a count gives null here,
   * because dropping it would charge the wrong amount: {@link Lookup.match} tells.
   */
  byScan(scan: ScannedCode): Product | null;
  /** As {@link Lookup.byScan}, with the measure that the code carries. */
  match(scan: ScannedCode): ScanMatch | null;
  /** Products that a typed text names: by the beginnings of words, by accents or without, by code; best first. */
  search(text: string): Product[];
  currentPrice(product: Product): PriceVersion;
  taxRateById(id: string): TaxRate | null;
}

/**
 * Prepares a catalogue for finding. Where two products share a code, the first one that is sold has it.
 *
 * @throws RangeError when a pattern in the settings can't work.
 */
export function createLookup(catalogue: Catalogue, settings: LookupSettings = {}): Lookup {
  const { embeddedPatterns = [], eightDigits } = settings;
  const products = new Map(catalogue.products.map((product) => [product.id, product]));
  const taxRates = new Map(catalogue.taxRates.map((rate) => [rate.id, rate]));
  const sold = catalogue.products.filter((product) => product.active);
  const byCode = indexByCode(sold, eightDigits);
  const find = createSearch({ products: sold });

  function one(code: string): Product | null {
    return byCode.get(code) ?? null;
  }

  function ofElements(elements: Elements): ScanMatch | null {
    const gtin = elements.get('01');
    const product = gtin === undefined ? null : one(gtin);
    if (product === null) return null;
    return { product, measure: measureOfElements({ elements, currency: catalogue.currency }) };
  }

  function ofShopsOwn(text: string): ScanMatch | null {
    const code = readEmbeddedCode({ text, patterns: embeddedPatterns, currency: catalogue.currency });
    const product = code === null ? null : firstOf(keysOf(code.prefix + code.item, eightDigits), one);
    return code === null || product === null ? null : { product, measure: code.measure };
  }

  function match({ text: scanned, aim }: ScannedCode): ScanMatch | null {
    // spaces come from typing; a GS character at either end is part of the code and no space
    const text = scanned.trim();
    if (text === '') return null;

    // what stands in the catalogue as it is comes first, whatever it looks like
    const whole = firstOf([text, ...formsOf({ text, aim, eightDigits })], one);
    if (whole !== null) return { product: whole, measure: null };

    if (looksLikeElementString({ text, aim })) {
      const parsed = parseElementString({ text });
      return parsed.ok ? ofElements(parsed.elements) : null;
    }
    const link = parseDigitalLink({ text });
    return link === null ? ofShopsOwn(text) : ofElements(link);
  }

  return {
    byId: (id) => products.get(id) ?? null,
    byScan(scan) {
      const found = match(scan);
      return found !== null && found.measure === null ? found.product : null;
    },
    match,
    search(text) {
      const scanned = match({ text });
      const named = find(text);
      return scanned === null
        ? named
        : [scanned.product, ...named.filter((product) => product !== scanned.product)];
    },
    currentPrice,
    taxRateById: (id) => taxRates.get(id) ?? null
  };
}

function indexByCode(
  products: readonly Product[],
  eightDigits: EightDigits | undefined
): Map<string, Product> {
  const index = new Map<string, Product>();
  for (const product of products) {
    for (const barcode of product.barcodes) {
      for (const key of keysOf(barcode, eightDigits)) {
        if (!index.has(key)) index.set(key, product);
      }
    }
  }
  return index;
}

/** Under which texts a product's barcode is kept: as it is, and as GTIN-14 if it is one. */
function keysOf(barcode: string, eightDigits: EightDigits | undefined): readonly string[] {
  const text = barcode.trim();
  if (text === '') return [];
  const gtin = toGtin14({ text, eightDigits });
  return gtin === null || gtin === text ? [text] : [text, gtin];
}

/** The GTINs that a scanned text may mean, the likeliest first. */
function formsOf({
  text,
  aim,
  eightDigits
}: ScannedCode & { readonly eightDigits: EightDigits | undefined }): readonly string[] {
  // an EAN or UPC with a two- or five-digit add-on, as on magazines
  if (aim === ']E3') {
    return [text.slice(0, -5), text.slice(0, -2)].flatMap((main) =>
      gtin14Readings({ text: main, eightDigits })
    );
  }
  // some scanners are set to drop the leading zero of a UPC-A
  const full = /^[1-9][0-9]{10}$/.test(text) ? `0${text}` : text;
  return gtin14Readings({ text: full, aim, eightDigits });
}

function firstOf(codes: readonly string[], one: (code: string) => Product | null): Product | null {
  for (const code of codes) {
    const product = one(code);
    if (product !== null) return product;
  }
  return null;
}
