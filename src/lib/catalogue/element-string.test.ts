import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parseDigitalLink } from './digital-link';
import { groupSeparator as gs, looksLikeElementString, parseElementString } from './element-string';

function read(text: string): Record<string, string> | string {
  const parsed = parseElementString({ text });
  return parsed.ok ? Object.fromEntries(parsed.elements) : parsed.reason;
}

describe('a GS1 element string', () => {
  it('is read where the symbology or a GS character says so, and nowhere else', () => {
    expect(looksLikeElementString({ text: '0104006381333931', aim: ']C1' })).toBe(true);
    expect(looksLikeElementString({ text: '0104006381333931', aim: ']C0' })).toBe(false);
    expect(looksLikeElementString({ text: '0104006381333931' })).toBe(false);
    expect(looksLikeElementString({ text: `10ABC${gs}0104006381333931`, aim: null })).toBe(true);
  });

  it('is taken apart by its identifiers', () => {
    expect(read(`010400638133393110ABC${gs}17261231`)).toEqual({
      '01': '04006381333931',
      '10': 'ABC',
      '17': '261231'
    });
    expect(read('0104006381333931310300123415261231')).toEqual({
      '01': '04006381333931',
      '3103': '001234',
      '15': '261231'
    });
    expect(read(`${gs}0104006381333931${gs}21S/N-1`)).toEqual({ '01': '04006381333931', '21': 'S/N-1' });
    expect(read(`3922999${gs}0104006381333931`)).toEqual({ '3922': '999', '01': '04006381333931' });
    expect(read('02040063813339313712')).toEqual({ '02': '04006381333931', '37': '12' });
    for (const date of ['11', '12', '13', '15', '16', '17'])
      expect(read(`${date}261231`)).toEqual({ [date]: '261231' });
  });

  it('is refused as a whole when a part makes no sense', () => {
    expect(read('0104006381333930')).toBe('bad_value');
    expect(read('010400638133393')).toBe('bad_value');
    expect(read('01040063813339311726')).toBe('bad_value');
    expect(read(`10${gs}0104006381333931`)).toBe('bad_value');
    expect(read(`10${'A'.repeat(21)}`)).toBe('bad_value');
    expect(read(`10ABC${gs}10ABD`)).toBe('bad_value');
    expect(read('01040063813339310512')).toBe('unknown_identifier');
    expect(read('0512')).toBe('not_gs1');
    expect(read('')).toBe('not_gs1');
    expect(read(gs)).toBe('not_gs1');
  });

  it('comes back as the elements that it was made of', () => {
    const variable = fc.string({ unit: fc.constantFrom(...'ABC012/-'), minLength: 1, maxLength: 20 });
    const six = fc.nat({ max: 999_999 }).map((value) => String(value).padStart(6, '0'));
    const element = fc.oneof(
      fc.constant(['01', '04006381333931']),
      fc.tuple(fc.constantFrom('11', '15', '17', '3103', '3205'), six),
      fc.tuple(fc.constantFrom('10', '21', '240', '99'), variable)
    );
    const list = fc.uniqueArray(element, {
      minLength: 1,
      maxLength: 5,
      selector: ([identifier]) => identifier
    });
    fc.assert(
      fc.property(list, fc.boolean(), (elements, everywhere) => {
        const text = elements
          .map(([identifier = '', value = ''], index) => {
            const needed = ['10', '21', '240', '99'].includes(identifier) && index < elements.length - 1;
            return identifier + value + (needed || everywhere ? gs : '');
          })
          .join('');
        expect(read(text)).toEqual(Object.fromEntries(elements));
      })
    );
  });

  it('never makes the reading throw', () => {
    const scrap = fc.string({ unit: fc.constantFrom(...`0123456789A\u001d(é`), maxLength: 40 });
    fc.assert(fc.property(scrap, (text) => void parseElementString({ text })));
  });
});

describe('a GS1 Digital Link', () => {
  const link = (text: string) => {
    const elements = parseDigitalLink({ text });
    return elements === null ? null : Object.fromEntries(elements);
  };

  it('names a GTIN in its path, on any host', () => {
    expect(link('https://example.com/01/03046920029759?15=251031')).toEqual({
      '01': '03046920029759',
      '15': '251031'
    });
    expect(link('HTTPS://id.example.org/shop/01/01/3046920029759/10/A%2FB/21/7')).toEqual({
      '01': '03046920029759',
      '10': 'A/B',
      '21': '7'
    });
    expect(link('https://example.com/gtin/012345678905/')).toEqual({ '01': '00012345678905' });
  });

  it('keeps valid elements only, and the first of two', () => {
    expect(link('https://example.com/01/03046920029759/10/A?10=B&utm_source=x&15=soon&3103=001234')).toEqual({
      '01': '03046920029759',
      '10': 'A',
      '3103': '001234'
    });
  });

  it('is nothing else', () => {
    for (const text of [
      'https://example.com/01/03046920029758',
      'https://example.com/',
      'https://qr.alipay.com/fkx12345',
      'wxp://f2f0abc',
      'https://',
      '/01/03046920029759',
      'https://example.com/?01=03046920029759',
      'https://example.com/%E0%A4%A/01'
    ]) {
      expect(link(text), text).toBeNull();
    }
  });

  it('never makes the reading throw', () => {
    fc.assert(
      fc.property(fc.oneof(fc.webUrl({ withQueryParameters: true }), fc.string()), (text) => void link(text))
    );
    fc.assert(fc.property(fc.string(), (text) => void link(`https://a/01/${text}`)));
  });
});
