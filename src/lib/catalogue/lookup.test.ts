import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { demoCatalogue } from './demo';
import { gtinCheckDigit } from './gtin';
import { createLookup, type LookupSettings } from './lookup';
import { currentPrice, priceAt, type Catalogue, type Product } from './product';

function product(id: string, more: Partial<Product> = {}): Product {
  return {
    id,
    name: id,
    category: 'c',
    taxRateId: 't',
    prices: [{ id: `${id}-1`, priceMinor: 100, validFrom: '2026-01-01T00:00:00Z' }],
    barcodes: [],
    active: true,
    pinned: false,
    soldOut: false,
    minimumAge: null,
    ...more
  };
}

function shop(products: readonly Product[], settings?: LookupSettings) {
  const catalogue: Catalogue = {
    version: '1',
    currency: 'EUR',
    products,
    categories: [{ id: 'c', name: 'All', colour: '#000000' }],
    taxRates: [{ id: 't', name: 'None', ratePpm: 0 }]
  };
  return createLookup(catalogue, settings);
}

describe('a scan', () => {
  const gs = '\u001d';
  const lookup = createLookup(demoCatalogue({ currency: 'USD' }));
  const id = (text: string, aim?: string) => lookup.byScan({ text, aim })?.id ?? null;

  it('finds a product in every form that its code can have', () => {
    for (const text of ['012345678905', '0012345678905', '00012345678905', '12345678905']) {
      expect(id(text), text).toBe('cola-330-ml');
    }
    expect(id('3046920029759')).toBe('dark-chocolate-70');
    expect(id('03046920029759', ']I1')).toBe('dark-chocolate-70');
    expect(id('96385074', ']E4')).toBe('chewing-gum-mint');
    expect(id('96385074')).toBe('chewing-gum-mint');
    expect(id('04252614', ']E0')).toBe('trail-mix-200-g');
    expect(id('04252614')).toBe('trail-mix-200-g');
    expect(id('0042100005264', ']E0')).toBe('trail-mix-200-g');
    expect(id('CC-LOAF-800', ']C0')).toBe('sourdough-loaf-800-g');
    expect(id(' 3046920029759 ')).toBe('dark-chocolate-70');
    expect(id('304692002975912345', ']E3')).toBe('dark-chocolate-70');
    expect(id('304692002975912', ']E3')).toBe('dark-chocolate-70');
  });

  it('finds a product in GS1 element strings and Digital Links', () => {
    expect(id(`010304692002975910ABC${gs}17261231`, ']C1')).toBe('dark-chocolate-70');
    expect(id(`10ABC${gs}0103046920029759`)).toBe('dark-chocolate-70');
    expect(id('0103046920029759', ']e0')).toBe('dark-chocolate-70');
    expect(id(`${gs}0103046920029759`, ']d2')).toBe('dark-chocolate-70');
    expect(id('https://example.com/01/03046920029759?15=251031', ']Q1')).toBe('dark-chocolate-70');
    expect(id('0103046920029759')).toBeNull();
  });

  it('finds nothing for strange goods, wrong digits, payment codes and noise', () => {
    const strange = [
      '4006381333931',
      '3046920029758',
      '251001020123456789012345',
      '',
      ' ',
      'toString',
      '__proto__'
    ];
    for (const text of [...strange, 'https://qr.alipay.com/fkx12345', 'wxp://f2f0abc', gs]) {
      expect(id(text), text).toBeNull();
    }
  });

  it('finds what stands in the catalogue, whatever it looks like', () => {
    const odd = ['251001020123456789012345', 'https://qr.alipay.com/fkx12345', `10A${gs}`, '4006381333930'];
    const lookupOdd = shop(odd.map((code, index) => product(`p${index}`, { barcodes: [code] })));
    odd.forEach((text, index) => expect(lookupOdd.byScan({ text })?.id).toBe(`p${index}`));
  });

  it('prefers the first product that is still sold', () => {
    const barcodes = ['4006381333931'];
    const lookupTwice = shop([
      product('old', { barcodes, active: false }),
      product('new', { barcodes }),
      product('late', { barcodes })
    ]);
    expect(lookupTwice.byScan({ text: '4006381333931' })?.id).toBe('new');
    expect(lookupTwice.byId('old')?.id).toBe('old');
    expect(lookupTwice.byId('none')).toBeNull();
  });

  it('never drops a weight or a price: such a code is a match with a measure, not one piece', () => {
    const embeddedPatterns = [
      { layout: '21IIIIIWWWWWC', decimals: 3 },
      { layout: '23IIIIIPPPPPC', decimals: 2 }
    ];
    const goods = [
      product('apples', { barcodes: ['2100001'] }),
      product('cheese', { barcodes: ['2350123'] }),
      product('ham', { barcodes: ['94006381333934'] })
    ];
    const weighed = shop(goods, { embeddedPatterns });
    expect(weighed.match({ text: '2100001012342' })).toEqual({
      product: goods[0],
      measure: { kind: 'weight', grams: 1234 }
    });
    expect(weighed.match({ text: '2350123009991' })).toEqual({
      product: goods[1],
      measure: { kind: 'price', priceMinor: 999 }
    });
    expect(weighed.byScan({ text: '2100001012342' })).toBeNull();
    expect(shop(goods).match({ text: '2100001012342' })).toBeNull();

    const ham = { text: '01940063813339343103000250', aim: ']e0' };
    expect(weighed.match(ham)).toEqual({ product: goods[2], measure: { kind: 'weight', grams: 250 } });
    expect(weighed.byScan(ham)).toBeNull();
    expect(weighed.match({ ...ham, text: ham.text.replace('3103', '3203') })?.measure).toBe('unclear');
  });

  it('finds any GTIN again, however many zeros stand in front', () => {
    const body = fc.array(fc.nat({ max: 9 }), { minLength: 11, maxLength: 12 }).map((list) => list.join(''));
    fc.assert(
      fc.property(body, fc.constantFrom(12, 13, 14), (start, length) => {
        fc.pre(/[1-9]/.test(start));
        const code = start + gtinCheckDigit(start);
        const known = shop([product('p', { barcodes: [code] })]);
        const text = code.padStart(Math.max(length, code.length), '0');
        expect(known.byScan({ text })?.id).toBe('p');
        expect(known.byScan({ text: `01${code.padStart(14, '0')}`, aim: ']C1' })?.id).toBe('p');
        expect(known.byScan({ text: `https://a.example/01/${text}` })?.id).toBe('p');
      })
    );
  });

  it('never throws, whatever was scanned', () => {
    const aim = fc.constantFrom(undefined, null, ']E0', ']E3', ']E4', ']C1', ']Q3', 'x');
    const embeddedPatterns = [{ layout: '21IIIIIWWWWWC', decimals: 3 }];
    const known = shop([product('p', { barcodes: ['4006381333931'] })], { embeddedPatterns });
    fc.assert(
      fc.property(fc.string({ unit: 'binary' }), aim, (text, name) => void known.match({ text, aim: name }))
    );
  });

  it('never walks through the products, however many there are', () => {
    let reads = 0;
    const goods = Array.from({ length: 2000 }, (_, item) => {
      const body = `952${String(item).padStart(9, '0')}`;
      const one = product(`p${item}`, { barcodes: [body + gtinCheckDigit(body)] });
      return Object.defineProperty({ ...one }, 'barcodes', {
        get() {
          reads += 1;
          return one.barcodes;
        }
      });
    });
    const big = shop(goods);
    const afterBuilding = reads;
    const last = `952${String(goods.length - 1).padStart(9, '0')}`;
    expect(big.byScan({ text: last + gtinCheckDigit(last) })?.id).toBe(`p${goods.length - 1}`);
    expect(big.byScan({ text: '4006381333931' })).toBeNull();
    expect(big.byScan({ text: 'no such code' })).toBeNull();
    expect(reads).toBe(afterBuilding);
  });
});

describe('searching', () => {
  const goods = [
    product('creme', { name: 'Crème brûlée' }),
    product('chocolate', { name: 'Dark chocolate 70 %', barcodes: ['03046920029759'] }),
    product('hot', { name: 'Hot chocolate' }),
    product('choc-milk', { name: 'Chocolate milk' }),
    product('old', { name: 'Chocolate egg', active: false }),
    product('roedgroed', { name: 'Rødgrød Łódź Straße' }),
    product('tea', { name: '无糖绿茶' }),
    product('steak', { name: "Shepherd's steak pie" })
  ];
  const lookup = shop(goods);
  const ids = (text: string) => lookup.search(text).map((found) => found.id);

  it('finds the beginnings of words, names that begin so first, then in the order of the catalogue', () => {
    expect(ids('choc')).toEqual(['choc-milk', 'chocolate', 'hot']);
    expect(ids('dark cho')).toEqual(['chocolate']);
    expect(ids('cho dark')).toEqual(['chocolate']);
    expect(ids('ocolate')).toEqual([]);
    expect(ids('70')).toEqual(['chocolate']);
  });

  it('does not mind accents, case, strokes and apostrophes', () => {
    expect(ids('CREME BRU')).toEqual(['creme']);
    expect(ids('crème')).toEqual(['creme']);
    expect(ids('rodgrod')).toEqual(['roedgroed']);
    expect(ids('lodz strasse')).toEqual(['roedgroed']);
    expect(ids('shepherds')).toEqual(['steak']);
  });

  it('finds the middle of a name in writing without spaces', () => {
    expect(ids('绿茶')).toEqual(['tea']);
    expect(ids('eak')).toEqual([]);
  });

  it('finds a code, whole or by its beginning or end', () => {
    expect(ids('3046920029759')).toEqual(['chocolate']);
    expect(ids('30469')).toEqual(['chocolate']);
    expect(ids('9759')).toEqual(['chocolate']);
    expect(ids('759')).toEqual([]);
    expect(ids('https://example.com/01/03046920029759')).toEqual(['chocolate']);
  });

  it('finds nothing for nothing, and never throws', () => {
    expect(ids('')).toEqual([]);
    expect(ids(' - ')).toEqual([]);
    fc.assert(fc.property(fc.string({ unit: 'binary' }), (text) => void ids(text)));
  });

  it('finds every product by its own name', () => {
    for (const one of goods.filter((each) => each.active)) expect(ids(one.name)[0]).toBe(one.id);
  });
});

describe('a price', () => {
  const [first, second] = [
    { id: '1', priceMinor: 100, validFrom: '2026-01-01T00:00:00Z' },
    { id: '2', priceMinor: 120, validFrom: '2026-06-01T00:00:00+02:00' }
  ];
  const bread = product('bread', { prices: [first, second] });

  it('is the newest version now, and the one of its time then', () => {
    expect(currentPrice(bread).id).toBe('2');
    expect(priceAt({ product: bread, at: '2026-05-31T21:59:59Z' }).id).toBe('1');
    expect(priceAt({ product: bread, at: '2026-05-31T22:00:00Z' }).id).toBe('2');
    expect(priceAt({ product: bread, at: '2020-01-01T00:00:00Z' }).id).toBe('1');
  });
});
