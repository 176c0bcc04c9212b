import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { openLedger, type Ledger } from '$lib/server/ledger/ledger';
import { seedShop } from '../payments/shop.fixture';
import { readShopSettings, saveShop } from './shop-settings';

let ledger: Ledger;
beforeEach(async () => {
  ledger = await openLedger({ path: ':memory:', now: () => Date.UTC(2026, 10, 23, 9) });
  await seedShop(ledger.db);
});
afterEach(() => ledger.close());

const by = { staffId: 'ada', name: 'Ada Okafor' };
const prove = async () => ({ ok: true, by: 'password' }) as const;

describe('settings of the shop', () => {
  test('are changed one by one, and each change says who, from what, to what', async () => {
    const request = { name: 'Harbour Books', dayStartsAtMinute: 330, taxId: '' };
    expect(await saveShop({ ledger, by, prove, request })).toEqual({ ok: true, changed: true });
    const settings = await readShopSettings({ ledger });
    expect(settings?.shop).toMatchObject({
      name: 'Harbour Books',
      dayStartsAtMinute: 330,
      currency: 'USD',
      timeZone: 'Europe/Berlin'
    });
    expect(settings?.changes).toEqual([
      { at: '2026-11-23T09:00:00.000Z', by: by.name, what: 'Start of the day: 04:00 → 05:30' },
      { at: '2026-11-23T09:00:00.000Z', by: by.name, what: 'Name: Corner & Co → Harbour Books' }
    ]);
  });

  test('that are saved unchanged leave no trace', async () => {
    expect(await saveShop({ ledger, by, prove, request: { name: 'Corner & Co' } })).toEqual({
      ok: true,
      changed: false
    });
    expect((await readShopSettings({ ledger }))?.changes).toEqual([]);
  });

  test('keep the currency once there are prices, and nothing else of that request is saved', async () => {
    expect((await readShopSettings({ ledger }))?.fixed).toEqual({ currency: true, taxMode: false });
    expect(await saveShop({ ledger, by, prove, request: { currency: 'EUR', name: 'Other' } })).toMatchObject({
      ok: false,
      code: 'setting_fixed'
    });
    expect((await readShopSettings({ ledger }))?.shop).toMatchObject({
      currency: 'USD',
      name: 'Corner & Co'
    });
  });

  test('take another currency and tax while the shop is still empty', async () => {
    await ledger.db.deleteFrom('barcodes').execute();
    await ledger.db.deleteFrom('price_versions').execute();
    expect(
      await saveShop({ ledger, by, prove, request: { currency: 'EUR', taxMode: 'added' } })
    ).toMatchObject({
      ok: true
    });
    expect((await readShopSettings({ ledger }))?.shop).toMatchObject({ currency: 'EUR', taxMode: 'added' });
  });

  test('hold the patterns of weight and price labels, none at first, and say what they became', async () => {
    expect((await readShopSettings({ ledger }))?.shop.embeddedPatterns).toEqual([]);
    const embeddedPatterns = [{ layout: '21IIIIIWWWWWC', decimals: 3 }];
    const request = { embeddedPatterns };
    expect(await saveShop({ ledger, by, prove, request })).toEqual({ ok: true, changed: true });
    expect(await saveShop({ ledger, by, prove, request })).toEqual({ ok: true, changed: false });
    const settings = await readShopSettings({ ledger });
    expect(settings?.shop.embeddedPatterns).toEqual(embeddedPatterns);
    expect(settings?.changes).toMatchObject([
      { what: 'Weight and price labels: (none) → 21IIIIIWWWWWC (3)' }
    ]);
    const broken = { embeddedPatterns: [{ layout: '40IIIIIWWWWWC', decimals: 3 }] };
    expect(await saveShop({ ledger, by, prove, request: broken })).toMatchObject({
      ok: false,
      code: 'bad_request',
      detail: expect.stringContaining('The code pattern “40IIIIIWWWWWC”')
    });
  });

  test('let more be given back by PIN only with the own password; less, and all else, without', async () => {
    const needed = {
      ok: false,
      code: 'proof_needed',
      detail: 'Type your password.',
      extra: { needs: 'password' }
    } as const;
    const unproved = async () => needed;
    const set = (refundPinLimitMinor: number, proof: typeof prove | typeof unproved) =>
      saveShop({ ledger, by, prove: proof, request: { refundPinLimitMinor, name: 'Harbour Books' } });
    expect(await set(5_000, unproved)).toEqual(needed);
    expect(await readShopSettings({ ledger })).toMatchObject({ refundPinLimitMinor: 0, changes: [] });
    expect(await set(5_000, prove)).toEqual({ ok: true, changed: true });
    expect(await set(5_000, unproved)).toEqual({ ok: true, changed: false });
    expect(await set(4_000, unproved)).toEqual({ ok: true, changed: true });
    expect(await set(4_001, unproved)).toEqual(needed);
  });

  test('refuse a time zone that there is not, in words', async () => {
    expect(await saveShop({ ledger, by, prove, request: { timeZone: 'Mars/Base' } })).toMatchObject({
      ok: false,
      code: 'bad_request',
      detail: expect.stringContaining('There is no time zone “Mars/Base”')
    });
  });
});
