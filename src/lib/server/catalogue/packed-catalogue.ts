/**
 * The catalogue as registers fetch it, compressed once for a version and kept: 50,000 products are 15 MB of text, and all
 * registers of a shop ask for them in the same minute of the morning.
 */
import { promisify } from 'node:util';
import { gzip } from 'node:zlib';
import type { Ledger } from '$lib/server/ledger/ledger';
import { readCatalogue } from './catalogue';

const compress = promisify(gzip);

/** A catalogue as it is sent. */
export interface PackedCatalogue {
  readonly version: string;
  /** JSON, by gzip. */
  readonly bytes: Buffer<ArrayBuffer>;
}

interface Kept {
  readonly version: string;
  readonly currency: string;
  readonly packed: Promise<PackedCatalogue>;
}

const kept = new WeakMap<Ledger, Kept>();

/**
 * @param version  what the catalogue's version is now; another one than was packed last is read and packed anew
 */
export function packedCatalogue({
  ledger,
  currency,
  version
}: {
  readonly ledger: Ledger;
  readonly currency: string;
  readonly version: string;
}): Promise<PackedCatalogue> {
  const known = kept.get(ledger);
  if (known?.version === version && known.currency === currency) return known.packed;
  const packed = pack({ ledger, currency });
  kept.set(ledger, { version, currency, packed });
  // one that failed is no answer for the next register
  packed.catch(() => {
    if (kept.get(ledger)?.packed === packed) kept.delete(ledger);
  });
  return packed;
}

async function pack(shop: { readonly ledger: Ledger; readonly currency: string }): Promise<PackedCatalogue> {
  const catalogue = await readCatalogue(shop);
  return { version: catalogue.version, bytes: await compress(JSON.stringify(catalogue)) };
}

/** Whether who asks can read gzip. */
export function takesGzip(acceptEncoding: string | null): boolean {
  return (acceptEncoding ?? '').split(',').some((one) => {
    const [name, ...rest] = one.split(';').map((part) => part.trim().toLowerCase());
    return (name === 'gzip' || name === '*') && !rest.some((part) => /^q=0(?:\.0*)?$/.test(part));
  });
}
