import { gunzipSync } from 'node:zlib';
import { afterEach, describe, expect, it } from 'vitest';
import { demoCatalogue } from '$lib/catalogue/demo';
import { openLedger, type Ledger } from '$lib/server/ledger/ledger';
import { readCatalogue, seedCatalogue } from './catalogue';
import { beginCatalogueChange, readCatalogueVersion } from './catalogue-version';
import { packedCatalogue, takesGzip } from './packed-catalogue';

let ledger: Ledger | undefined;
afterEach(async () => {
  await ledger?.close();
});

describe('the packed catalogue', () => {
  it('is the catalogue, packed once for a version and anew for the next', async () => {
    const open = (ledger = await openLedger({ path: ':memory:', now: () => 1_700_000_000_000 }));
    await seedCatalogue({ ledger: open, catalogue: demoCatalogue({ currency: 'USD' }) });
    const pack = async () =>
      packedCatalogue({
        ledger: open,
        currency: 'USD',
        version: await readCatalogueVersion(open.db)
      });
    const first = await pack();
    const plain = await readCatalogue({ ledger: open, currency: 'USD' });
    expect(JSON.parse(gunzipSync(first.bytes).toString())).toEqual(plain);
    expect(first.version).toBe(plain.version);
    expect(await pack()).toBe(first);

    await open.transaction(async (trx) => {
      await beginCatalogueChange(trx);
      await trx.updateTable('products').set({ sold_out: 1 }).execute();
    });
    const next = await pack();
    expect(next.version).not.toBe(first.version);
    expect(gunzipSync(next.bytes).toString()).not.toContain('"soldOut":false');
  });

  it.each([
    ['gzip, deflate, br', true],
    ['br, gzip;q=0.5', true],
    ['*', true],
    ['gzip;q=0', false],
    ['br', false],
    ['', false],
    [null, false]
  ])('goes to who takes gzip: %s', (accepted, takes) => {
    expect(takesGzip(accepted)).toBe(takes);
  });
});
