import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KeyFact } from './keystroke';
import { vectors } from './vectors.fixture';
import { createWedgeDecoder } from './wedge-decoder';
import {
  azertyHost,
  capsLockHost,
  inField,
  keydown,
  nowhere,
  paying,
  selling,
  play,
  typed
} from './wedge-keys.fixture';
import { defaultWedgeSettings } from './wedge-settings';

const codes = [...vectors.paymentCodes, ...vectors.notPaymentCodes].map(({ text }) => text);
const contexts = [nowhere, inField, selling, paying];

describe('a scan by the keyboard wedge', () => {
  const paces = [5, 10, 30, 80, 100].flatMap((gapMs) => codes.map((text) => ({ gapMs, text })));

  it.each(paces)('is read at $gapMs ms a key by a register set to that pace: $text', ({ gapMs, text }) => {
    const settings = { maxGapMs: Math.max(50, gapMs * 1.5) };
    for (const context of contexts) {
      for (const end of ['Enter', 'Tab'] as const) {
        const { texts, outcomes } = play({ keys: typed({ text, gapMs, end }), context, settings });
        expect(texts).toEqual([text]);
        expect(outcomes.at(-2)?.swallow, 'the terminator is swallowed').toBe(true);
      }
    }
  });

  it.each(paces)('is read without a terminator at $gapMs ms a key: $text', ({ gapMs, text }) => {
    const settings = { maxGapMs: Math.max(50, gapMs * 1.5), terminator: 'none' as const };
    for (const context of contexts) {
      expect(play({ keys: typed({ text, gapMs }), context, settings }).texts).toEqual([text]);
    }
  });

  it('is read from a slow scanner on a register that was never set up, where nothing is being typed', () => {
    for (const text of codes) {
      for (const context of [nowhere, selling, paying]) {
        expect(play({ keys: typed({ text, gapMs: 80, end: 'Enter' }), context }).texts).toEqual([text]);
      }
    }
  });

  it('of an unknown wallet is read from a slow scanner in the pay panel', () => {
    const text = '7712345678901234567';
    const keys = typed({ text, gapMs: 100, end: 'Enter' });
    expect(play({ keys, context: paying }).texts).toEqual([text]);
    expect(play({ keys, context: nowhere }).texts).toEqual([]);
  });

  it('carries its AIM identifier and the time of its last key', () => {
    const { outcomes } = play({ keys: typed({ text: ']E04006381333931', gapMs: 10, end: 'Enter' }) });
    const [scan] = outcomes.flatMap(({ scans }) => scans);
    expect(scan).toMatchObject({ text: '4006381333931', aim: ']E0', source: 'wedge', at: 150 });
  });

  it('ends at its Enter at once, and without one as soon as the pause is longer than the gap', () => {
    const decoder = createWedgeDecoder({ settings: { ...defaultWedgeSettings, terminator: 'none' } });
    const last = typed({ text: '96385074', gapMs: 10 })
      .map((key) => decoder.take(key, inField))
      .at(-1);
    expect(last?.wakeAt).toBe(70 + 50 + 1);
    expect(decoder.tick(120).scans).toHaveLength(0);
    expect(decoder.tick(121).scans.map(({ text }) => text)).toEqual(['96385074']);
    expect(decoder.tick(500)).toMatchObject({ scans: [], wakeAt: null });
  });

  it('of a product of the shop is told after one and a half of the scanner’s longest gap, any other after three gaps', () => {
    const settings = { ...defaultWedgeSettings, maxGapMs: 30, terminator: 'none' as const };
    const decoder = createWedgeDecoder({
      settings,
      isKnown: (text) => ['4006381333931', '2840063813337'].includes(text)
    });
    const wakeAfter = (text: string, context = nowhere) => {
      const keys = typed({ text, gapMs: 10 });
      const wakeAt = keys.map((key) => decoder.take(key, context)).at(-1)?.wakeAt ?? 0;
      expect(decoder.tick(wakeAt).scans.map((scan) => scan.text)).toEqual([text.replace(/^]E0/, '')]);
      return wakeAt - (keys.at(-1)?.at ?? 0);
    };
    expect(wakeAfter('4006381333931')).toBe(15 + 1);
    expect(wakeAfter('4006381333931', inField)).toBe(15 + 1);
    expect(wakeAfter('4006381333931', selling)).toBe(15 + 1);
    expect(wakeAfter(']E04006381333931')).toBe(15 + 1);
    expect(wakeAfter('4006381333948')).toBe(30 + 1);
    expect(wakeAfter('2840063813337', selling), 'it begins like a wallet’s code').toBe(30 + 1);
    // what begins like a product may be a wallet's code, where one is waited for
    expect(wakeAfter('4006381333931', paying)).toBe(30 + 1);
  });

  it('of a product goes on after a pause that its scanner made before in the same code', () => {
    const settings = { ...defaultWedgeSettings, maxGapMs: 30, terminator: 'none' as const };
    const isKnown = (text: string) => text === '4006381333931';
    const decoder = createWedgeDecoder({ settings, isKnown });
    const hesitating = (from: number, text: string) => typed({ text, gapMs: 8, from });
    const keys = [...hesitating(0, '40063'), ...hesitating(50, '81333931')];
    const wakeAt = keys.map((key) => decoder.take(key, nowhere)).at(-1)?.wakeAt ?? 0;
    expect(wakeAt).toBe(50 + 7 * 8 + 1.5 * 18 + 1);
    expect(decoder.tick(wakeAt - 1).scans).toEqual([]);
    expect(decoder.take(keydown('7', wakeAt - 1), nowhere).scans).toEqual([]);
  });

  it('leaves Tab to a hand that follows it closely, once a key came that no scanner types', () => {
    const decoder = createWedgeDecoder({ settings: defaultWedgeSettings });
    for (const key of typed({ text: '4006381333931', gapMs: 10, end: 'Enter' })) decoder.take(key, paying);
    decoder.take(keydown('F9', 200), paying);
    decoder.take(keydown(' ', 300), paying);
    decoder.take(keydown('5', 500), inField);
    expect(decoder.take(keydown('Tab', 720), inField).swallow).toBe(false);
  });

  it('goes on beyond a product’s code that it begins with', () => {
    const settings = { maxGapMs: 30, terminator: 'none' as const };
    const isKnown = (text: string) => text === '4006381333931';
    const keys = typed({ text: '400638133393112345', gapMs: 10 });
    expect(play({ keys, settings, isKnown }).texts).toEqual(['400638133393112345']);
  });

  it('loses prefix and suffix, and is trusted for them at any pace', () => {
    const settings = { prefix: '~', suffix: '!' };
    for (const gapMs of [10, 100]) {
      for (const end of ['Enter', ''] as const) {
        const keys = typed({ text: '~SHELF-17!', gapMs, end });
        expect(play({ keys, settings, context: inField }).texts).toEqual(['SHELF-17']);
      }
    }
    expect(play({ keys: typed({ text: 'SHELF-17', gapMs: 10, end: 'Enter' }), settings }).texts).toEqual([
      'SHELF-17'
    ]);
  });

  it('may begin with a control character where the scanner is programmed to', () => {
    const keys = typed({ text: '\u001dSHELF-17', gapMs: 10, end: 'Enter' });
    expect(play({ keys, settings: { prefix: '\u001d' } }).texts).toEqual(['SHELF-17']);
    expect(play({ keys: keys.slice(0, 2) }).outcomes.some(({ swallow }) => swallow)).toBe(false);
  });

  it('may hold a character that was typed by its number, with Alt held', () => {
    const decoder = createWedgeDecoder({ settings: defaultWedgeSettings });
    const alt: KeyFact[] = [
      keydown('Alt', 60, { altKey: true }),
      ...[...'064'].map((digit, index) =>
        keydown(digit, 65 + index * 5, { altKey: true, code: `Numpad${digit}` })
      ),
      { type: 'keyup', key: 'Alt', at: 80 }
    ];
    const facts = [
      ...typed({ text: 'ABCDEF', gapMs: 10 }),
      ...alt,
      ...typed({ text: 'GH', gapMs: 10, from: 90, end: 'Enter' })
    ];
    const scans = facts.flatMap((fact) => decoder.take(fact, nowhere).scans);
    expect(scans.map(({ text }) => text)).toEqual(['ABCDEF@GH']);
  });

  it('stays whole when the host hesitates, and is parted from a key pressed just before', () => {
    for (const context of contexts) {
      const rest = typed({ text: 'LF-1799', gapMs: 10, from: 160, end: 'Enter' });
      const halting = [...typed({ text: 'SHE', gapMs: 10 }), ...rest];
      expect(play({ keys: halting, context }).texts).toEqual(['SHELF-1799']);
      expect(play({ keys: [keydown('x', 0), ...rest], context }).texts).toEqual(['LF-1799']);
      const late = [
        ...typed({ text: 'SHELF-', gapMs: 10 }),
        ...typed({ text: '1799', gapMs: 10, from: 250, end: 'Enter' })
      ];
      expect(play({ keys: late, context }).texts).toEqual(['SHELF-1799']);
    }
  });

  it('whose first key alone came early is whole where its form says so, and the field is put back', () => {
    const keys = [keydown('4', 0), ...typed({ text: '006381333931', gapMs: 10, from: 150, end: 'Enter' })];
    const { texts, outcomes } = play({ keys, context: inField });
    expect(texts).toEqual(['4006381333931']);
    expect(outcomes.map(({ restore }) => restore).filter((part) => part !== null)).toEqual(['scan', 'run']);
  });

  it('that a long pause cut presses no button with the Enter of its rest', () => {
    const keys = [
      ...typed({ text: '400638133', gapMs: 10 }),
      ...typed({ text: '3931', gapMs: 10, from: 500, end: 'Enter' })
    ];
    expect(play({ keys }).outcomes.at(-2)?.swallow).toBe(true);
  });

  it('is not ended by a held key that repeats, nor by Shift', () => {
    const [first, ...rest] = typed({ text: 'AbCdEfGh', gapMs: 10, end: 'Enter' });
    const keys = [first!, keydown('A', 3, { repeat: true }), ...rest];
    expect(play({ keys }).texts).toEqual(['AbCdEfGh']);
  });
});

describe('the two readings of a scan', () => {
  const emv = vectors.paymentCodes.find(({ wallet }) => wallet === 'EMV QR')!.text;
  const texts = ['4006381333931', '251001020123456789012345', emv];

  it('are by key position where a French host garbles what a US scanner types', () => {
    for (const text of texts) {
      const keys = typed({ text, gapMs: 10, end: 'Enter' }).map(azertyHost);
      expect(play({ keys }).texts).toEqual([text]);
    }
  });

  it('are by the host where the scanner is set to the layout of the host', () => {
    // A scanner set to French presses Shift and a digit's key for a digit.
    const keys = [...'4006381333931'].map((digit, index) =>
      keydown(digit, index * 10, { code: `Digit${digit}`, shiftKey: true })
    );
    expect(play({ keys: [...keys, keydown('Enter', 130)] }).texts).toEqual(['4006381333931']);
  });

  it('survive Caps Lock, which would lose a base64 payment code', () => {
    const keys = typed({ text: emv, gapMs: 10, end: 'Enter' }).map(capsLockHost);
    for (const reading of ['auto', 'code', 'key'] as const) {
      expect(play({ keys, settings: { reading } }).texts).toEqual([emv]);
    }
  });

  it('survive Caps Lock on a host that makes no small letters then, and with a scanner that makes up for it', () => {
    const keys = typed({ text: emv, gapMs: 10, end: 'Enter' });
    const onlyCapitals = keys.map((key) => {
      const letter = key.code.startsWith('Key');
      return { ...key, capsLock: true, ...(letter && { key: key.key.toUpperCase() }) };
    });
    expect(play({ keys: onlyCapitals }).texts).toEqual([emv]);

    const compensated = keys.map((key) =>
      key.code.startsWith('Key')
        ? { ...key, capsLock: true, shiftKey: !key.shiftKey }
        : { ...key, capsLock: true }
    );
    for (const reading of ['auto', 'code', 'key'] as const) {
      const settings = { reading, capsLock: 'compensated_by_scanner' as const };
      expect(play({ keys: compensated, settings }).texts).toEqual([emv]);
    }
    // Nobody told this register, but the form of the code does.
    expect(play({ keys: compensated }).texts).toEqual([emv]);
  });

  it('give way to a learned layout, where the scanner is set to a country that is neither', () => {
    // Set to French, on a German host: "A" is the key that a German host calls "Q".
    const presses = { W: 'KeyZ', A: 'KeyQ', X: 'KeyX' };
    const host = { KeyZ: 'Y', KeyQ: 'Q', KeyX: 'X' } as const;
    const layout = { 'Shift+KeyZ': 'W', 'Shift+KeyQ': 'A', 'Shift+KeyX': 'X' };
    const keys = [...('WAXWAX' as const)].map((letter, index) => {
      const code = presses[letter as keyof typeof presses];
      return keydown(host[code as keyof typeof host], index * 10, { code, shiftKey: true });
    });
    const ended = [...keys, keydown('Enter', 60)];
    expect(play({ keys: ended, settings: { reading: 'learned', layout } }).texts).toEqual(['WAXWAX']);
    const locked = ended.map((key) => ({ ...key, capsLock: true, key: key.key.toLowerCase() }));
    locked[6] = keydown('Enter', 60);
    expect(play({ keys: locked, settings: { reading: 'learned', layout } }).texts).toEqual(['WAXWAX']);
    expect(play({ keys: ended }).texts).toEqual(['YQXYQX']);
  });

  it('are settled by the catalogue, by what was learned, or else by the host', () => {
    const keys = typed({ text: 'WAX-17', gapMs: 10, end: 'Enter' }).map(azertyHost);
    expect(play({ keys }).texts).toEqual(['ZQX-&è']);
    expect(play({ keys, isKnown: (text) => text === 'WAX-17' }).texts).toEqual(['WAX-17']);
    expect(play({ keys, settings: { reading: 'code' } }).texts).toEqual(['WAX-17']);
  });

  it('are the same behind an input method that hides the characters', () => {
    const keys = typed({ text: '4006381333931', gapMs: 10, end: 'Enter' }).map((key) =>
      key.key === 'Enter' ? key : { ...key, key: 'Process', keyCode: 229 }
    );
    expect(play({ keys }).texts).toEqual(['4006381333931']);
  });
});

describe('a scan on Android', () => {
  it('is read from input events after keys that say nothing, and taken out of the field each time', () => {
    const decoder = createWedgeDecoder({ settings: defaultWedgeSettings });
    const [first, ...rest] = [...'4006381333931'];
    const outcomes = [decoder.take(keydown(first!, 0, { code: '' }), inField)];
    outcomes.push(decoder.take({ type: 'input', text: first!, at: 1 }, inField));
    rest.forEach((text, index) => {
      const at = (index + 1) * 10;
      const opaque = { key: 'Unidentified', code: '', keyCode: 229 };
      outcomes.push(decoder.take(keydown('', at, opaque), inField));
      outcomes.push(decoder.take({ type: 'input', text, at: at + 1 }, inField));
    });
    outcomes.push(decoder.take(keydown('Enter', 130), inField));
    expect(outcomes.flatMap(({ scans }) => scans).map(({ text }) => text)).toEqual(['4006381333931']);
    expect(outcomes.slice(-9).filter(({ restore }) => restore === 'scan')).toHaveLength(4);
    expect(outcomes.at(-2)?.restore).toBe('scan');
  });

  it('is not a word that the keyboard suggested', () => {
    const decoder = createWedgeDecoder({ settings: defaultWedgeSettings });
    decoder.take(keydown('Unidentified', 0, { code: '', keyCode: 229 }), inField);
    decoder.take({ type: 'input', text: 'chocolate ', at: 1 }, inField);
    expect(decoder.tick(5000).scans).toEqual([]);
  });
});

describe('what happens to the keys', () => {
  it('a field keeps its first characters until the scan is proven, then gets its value back, once', () => {
    const { outcomes } = play({
      keys: typed({ text: '4006381333931', gapMs: 10, end: 'Enter' }),
      context: inField
    });
    expect(outcomes.map(({ swallow }) => swallow).slice(0, 6)).toEqual([...Array(5).fill(false), true]);
    expect(outcomes.slice(5, 14).every(({ swallow }) => swallow)).toBe(true);
    expect(outcomes[0]?.remember).toBe('run');
    expect(outcomes.filter(({ remember }) => remember)).toHaveLength(1);
    expect(outcomes[5]?.restore).toBe('scan');
    expect(outcomes.filter(({ restore }) => restore)).toHaveLength(1);
  });

  it('a slow scan leaves the field at its end', () => {
    const settings = { maxGapMs: 120 };
    const keys = typed({ text: '4006381333931', gapMs: 80, end: 'Enter' });
    const { outcomes } = play({ keys, context: inField, settings });
    expect(outcomes[13]?.restore).toBe('scan');
    expect(outcomes.filter(({ restore }) => restore)).toHaveLength(1);
  });

  it('a screen that expects a scan takes every key that no field gets, but Space still presses a button', () => {
    const keys = typed({ text: '4006381333931', gapMs: 80, end: 'Enter' });
    expect(
      play({ keys, context: paying })
        .outcomes.slice(0, 14)
        .every(({ swallow }) => swallow)
    ).toBe(true);
    const field = { inField: true, expecting: true, paying: true };
    expect(play({ keys, context: field }).outcomes.some(({ swallow }) => swallow)).toBe(false);
    expect(play({ keys: [keydown(' ', 0)], context: paying }).outcomes[0]?.swallow).toBe(false);
    expect(play({ keys: [keydown('Enter', 0)], context: paying }).outcomes[0]?.swallow).toBe(false);
  });

  it('an Enter that comes late, or twice, still belongs to the scan', () => {
    const keys = typed({ text: '96385074', gapMs: 10, end: 'Enter' });
    const late = [...keys, keydown('Enter', 90), keydown('j', 95, { ctrlKey: true })];
    expect(
      play({ keys: late })
        .outcomes.slice(9, 11)
        .map(({ swallow }) => swallow)
    ).toEqual([true, true]);

    const decoder = createWedgeDecoder({ settings: defaultWedgeSettings });
    for (const key of keys.slice(0, -1)) decoder.take(key, inField);
    expect(decoder.tick(330).scans).toHaveLength(1);
    expect(decoder.take(keydown('Enter', 340), inField).swallow).toBe(true);
    expect(decoder.take(keydown('Enter', 900), inField).swallow).toBe(false);
  });

  it('shortcuts pass, also right after a scan', () => {
    const keys = [
      ...typed({ text: '96385074', gapMs: 10, end: 'Enter' }),
      keydown('Enter', 90, { ctrlKey: true }),
      keydown('F9', 95),
      keydown('Escape', 99),
      keydown('Backspace', 100),
      keydown('a', 110, { ctrlKey: true })
    ];
    expect(
      play({ keys })
        .outcomes.slice(9, 14)
        .some(({ swallow }) => swallow)
    ).toBe(false);
  });

  it('what came like a scan but too slowly is told without its text, and presses no button', () => {
    const { texts, outcomes } = play({ keys: typed({ text: 'SHELF-17', gapMs: 80, end: 'Enter' }) });
    expect(texts).toEqual([]);
    const enter = outcomes.at(-2);
    expect(enter).toMatchObject({ swallow: true, missed: { length: 8, paceMs: 80 } });
  });
});

describe('people and noise', () => {
  const gap = fc.integer({ min: 60, max: 250 });
  const words = fc.array(fc.record({ key: fc.stringMatching(/^[ -~]$/), gap }), { maxLength: 60 });
  const end = fc.constantFrom('Enter' as const, 'Tab' as const, '' as const);

  function byHand(letters: readonly { key: string; gap: number }[], ending: string): KeyFact[] {
    let at = 0;
    const keys = letters.map(({ key, gap: wait }) => keydown(key, (at += wait)));
    return ending === '' ? keys : [...keys, keydown(ending, at + 60)];
  }

  it('typing at 60 to 250 ms a key is never a scan, and a field gets every key', () => {
    fc.assert(
      fc.property(words, end, fc.constantFrom(...contexts), (letters, ending, context) => {
        fc.pre(!(context.expecting && letters.length >= 16));
        const decoder = createWedgeDecoder({ settings: defaultWedgeSettings });
        const outcomes = byHand(letters, ending).map((key) => decoder.take(key, context));
        outcomes.push(decoder.tick(1e6));
        expect(outcomes.flatMap(({ scans }) => scans)).toEqual([]);
        if (context.inField) {
          expect(outcomes.some(({ swallow, restore }) => swallow || restore !== null)).toBe(false);
        }
      }),
      { numRuns: 500 }
    );
  });

  it('typing is never a scan on a register set to a slow scanner either', () => {
    fc.assert(
      fc.property(words, end, fc.integer({ min: 60, max: 150 }), (letters, ending, maxGapMs) => {
        const decoder = createWedgeDecoder({ settings: { ...defaultWedgeSettings, maxGapMs } });
        const outcomes = byHand(letters, ending).map((key) => decoder.take(key, inField));
        outcomes.push(decoder.tick(1e6));
        expect(
          outcomes.some(({ scans, swallow, restore }) => scans.length > 0 || swallow || restore !== null)
        ).toBe(false);
      }),
      { numRuns: 500 }
    );
  });

  it('a scan is never merged with another nor dirtied by what came before it', () => {
    const scan = fc.record({
      text: fc.constantFrom(...codes),
      gapMs: fc.constantFrom(5, 10, 16),
      end,
      // The word before it, typed by hand, and the pause after that.
      word: fc.array(fc.record({ key: fc.constantFrom('a', '7', 'E', '-'), gap }), { maxLength: 5 }),
      pause: fc.integer({ min: 60, max: 400 })
    });
    fc.assert(
      fc.property(fc.array(scan, { maxLength: 6 }), fc.constantFrom(...contexts), (scans, context) => {
        // Where only a pause ends a scan, the register has to know it.
        const terminator = scans.some(({ end: ending }) => ending === '') ? 'none' : 'unknown';
        const decoder = createWedgeDecoder({ settings: { ...defaultWedgeSettings, terminator } });
        const texts: string[] = [];
        let at = 0;
        const feed = (key: KeyFact): void => {
          const outcome = decoder.take(key, context);
          texts.push(...outcome.scans.map(({ text }) => text));
          at = key.at;
        };
        for (const { text, gapMs, end: ending, word, pause } of scans) {
          at += 60;
          for (const { key, gap: wait } of word) feed(keydown(key, at + wait));
          typed({ text, gapMs, from: at + pause, end: ending }).forEach(feed);
        }
        texts.push(...decoder.tick(at + 1000).scans.map(({ text }) => text));
        expect(texts).toEqual(scans.map(({ text }) => text));
      }),
      { numRuns: 500 }
    );
  });

  it('keys at random never throw, and the next scan is clean', () => {
    const key = fc.record({
      type: fc.constant('keydown' as const),
      key: fc.oneof(
        fc.string({ maxLength: 2, unit: 'binary' }),
        fc.constantFrom('Enter', 'Tab', 'Dead', 'Process', 'Unidentified', 'Shift', 'Alt', 'F9', '')
      ),
      code: fc.constantFrom('', 'KeyA', 'Digit1', 'Numpad3', 'BracketRight', 'Space', 'Lang1', '__proto__'),
      keyCode: fc.constantFrom(0, 65, 229),
      shiftKey: fc.boolean(),
      ctrlKey: fc.boolean(),
      altKey: fc.boolean(),
      metaKey: fc.boolean(),
      capsLock: fc.boolean(),
      repeat: fc.boolean(),
      at: fc.oneof(fc.nat(3000), fc.integer({ min: -50, max: 50 }))
    });
    const fact: fc.Arbitrary<KeyFact> = fc.oneof(
      key,
      fc.record({
        type: fc.constant('keyup' as const),
        key: fc.constantFrom('Alt', 'a'),
        at: fc.nat(3000)
      }),
      fc.record({ type: fc.constant('input' as const), text: fc.string(), at: fc.nat(3000) })
    );
    fc.assert(
      fc.property(fc.array(fact), fc.constantFrom(...contexts), (facts, context) => {
        const decoder = createWedgeDecoder({ settings: { ...defaultWedgeSettings, prefix: '~' } });
        for (const one of facts) decoder.take(one, context);
        decoder.tick(10_000);
        const after = typed({ text: '4006381333931', gapMs: 10, from: 20_000, end: 'Enter' });
        const scans = after.flatMap((one) => decoder.take(one, context).scans);
        expect(scans.map(({ text }) => text)).toEqual(['4006381333931']);
      }),
      { numRuns: 1000 }
    );
  });
});
