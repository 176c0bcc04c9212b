import { describe, expect, test } from 'vitest';
import type { Shop } from '$lib/wire/shop';
import { draftOf, readSettings } from './settings-draft';

const shop: Shop = {
  name: 'Corner & Co',
  address: '',
  taxId: '',
  currency: 'EUR',
  timeZone: 'Europe/Berlin',
  dayStartsAtMinute: 245,
  taxMode: 'included',
  locale: 'de-DE',
  oneScanLimitMinor: 10_050,
  embeddedPatterns: [],
  journalKeepDays: 90
};
const before = { shop, refundPinLimitMinor: 5_000, keepDays: { from: 30, to: 3650 } };

describe('the settings’ fields', () => {
  test('untouched mean no change at all', () => {
    expect(draftOf(before)).toMatchObject({ dayStart: '04:05', limit: '100,50', refundLimit: '50,00' });
    expect(readSettings(draftOf(before), before, () => true)).toEqual({ ok: true, change: {} });
  });

  test('mean only what differs, in minutes and minor units', () => {
    const draft = {
      ...draftOf(before),
      dayStart: '05:30',
      limit: '80',
      refundLimit: '0',
      keepDays: '120',
      address: ' Kai 1 '
    };
    expect(readSettings(draft, before, () => true)).toEqual({
      ok: true,
      change: {
        dayStartsAtMinute: 330,
        oneScanLimitMinor: 8000,
        refundPinLimitMinor: 0,
        journalKeepDays: 120,
        address: 'Kai 1'
      }
    });
  });

  test('that can’t be read are named, and nothing is sent', () => {
    const draft = {
      ...draftOf(before),
      name: ' ',
      limit: 'much',
      refundLimit: '-1',
      dayStart: '25:00',
      keepDays: '7'
    };
    expect(readSettings(draft, before, () => true)).toEqual({
      ok: false,
      wrong: ['name', 'limit', 'refundLimit', 'dayStart', 'keepDays']
    });
  });

  test('hold code patterns: a new one is a change, one that can’t work is named', () => {
    const draft = { ...draftOf(before), patterns: [{ layout: ' 21iiiiiwwwwwc', decimals: '3' }] };
    const pattern = { layout: '21IIIIIWWWWWC', decimals: 3 };
    expect(readSettings(draft, before, () => true)).toEqual({
      ok: true,
      change: { embeddedPatterns: [pattern] }
    });
    expect(
      readSettings(draft, { ...before, shop: { ...shop, embeddedPatterns: [pattern] } }, () => true)
    ).toEqual({
      ok: true,
      change: {}
    });
    expect(readSettings(draft, before, () => false)).toEqual({ ok: false, wrong: ['patterns'] });
  });
});
