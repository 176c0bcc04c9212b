import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createSerialDecoder, type SerialFraming } from './serial-decoder';
import { type Scan } from './scan';
import { vectors } from './vectors.fixture';

const codes = [...vectors.paymentCodes, ...vectors.notPaymentCodes].map(({ text }) => text);
const encode = (text: string): Uint8Array => new TextEncoder().encode(text);

interface Chunk {
  readonly bytes: Uint8Array;
  readonly at: number;
}

function play(chunks: readonly Chunk[], framing: Partial<SerialFraming> = {}): Scan[] {
  const decoder = createSerialDecoder({ terminator: 'auto', idleGapMs: 60, ...framing });
  const scans = chunks.flatMap((chunk) => decoder.take(chunk).scans);
  return [...scans, ...decoder.tick((chunks.at(-1)?.at ?? 0) + 10_000).scans];
}
const texts = (scans: readonly Scan[]): string[] => scans.map(({ text }) => text);

describe('serial scans', () => {
  it('end at CR, LF or CRLF at once', () => {
    for (const end of ['\r', '\n', '\r\n']) {
      const decoder = createSerialDecoder({ terminator: 'auto', idleGapMs: 60 });
      const outcome = decoder.take({ bytes: encode(`4006381333931${end}`), at: 5 });
      expect(outcome).toMatchObject({ scans: [{ text: '4006381333931', at: 5 }], wakeAt: null });
    }
  });

  it('end after a pause where the scanner sends nothing after a code', () => {
    for (const terminator of ['auto', 'none'] as const) {
      const decoder = createSerialDecoder({ terminator, idleGapMs: 60 });
      expect(decoder.take({ bytes: encode('963850'), at: 0 }).wakeAt).toBe(61);
      expect(decoder.take({ bytes: encode('74'), at: 50 })).toMatchObject({ scans: [], wakeAt: 111 });
      expect(decoder.tick(110).scans).toEqual([]);
      expect(decoder.tick(111).scans).toMatchObject([{ text: '96385074', at: 50 }]);
      expect(decoder.tick(500)).toMatchObject({ scans: [], wakeAt: null });
    }
  });

  it('stay whole when their second half waited behind a busy page, unless the time was told', () => {
    const halves = [
      { bytes: encode('40063'), at: 0 },
      { bytes: encode('81333931\r'), at: 200 }
    ] as const;
    expect(texts(play(halves))).toEqual(['4006381333931']);
    const decoder = createSerialDecoder({ terminator: 'none', idleGapMs: 60 });
    decoder.take({ bytes: encode('96385074'), at: 0 });
    expect(texts(decoder.take({ bytes: encode('4006381333931'), at: 301 }).scans)).toEqual(['96385074']);
  });

  it('wait longer for a scanner that is known to end its codes', () => {
    const at = [0, 20, 320, 340];
    const parts = ['96385074\r', '40063', '81333931\r', '12345678905\r'];
    const chunks = parts.map((part, index) => ({ bytes: encode(part), at: at[index]! }));
    expect(texts(play(chunks))).toEqual(['96385074', '4006381333931', '12345678905']);
    const set = chunks.slice(1);
    expect(texts(play(set, { terminator: 'cr' }))).toEqual(['4006381333931', '12345678905']);
  });

  it('end as the scanner is set, and what is no end is part of the code', () => {
    const chunk = (text: string): Chunk[] => [{ bytes: encode(text), at: 0 }];
    expect(texts(play(chunk('a\tb\r\nc\rd'), { terminator: 'crlf' }))).toEqual(['a\tb', 'c\rd']);
    expect(texts(play(chunk('ab\tcd\t'), { terminator: 'tab' }))).toEqual(['ab', 'cd']);
    expect(texts(play(chunk('a\r\nb\r\n'), { terminator: 'cr' }))).toEqual(['a', 'b']);
    expect(texts(play(chunk('a\r\nb\r\n'), { terminator: 'lf' }))).toEqual(['a', 'b']);
    expect(texts(play(chunk('a\rb\r\n'), { terminator: 'none' }))).toEqual(['a\rb']);
  });

  it('give up their AIM identifier, and keep their bytes', () => {
    const [scan] = play([{ bytes: Uint8Array.from([...encode(']Q2cr'), 0xe8, 0x6d, 0x65, 0x0d]), at: 0 }]);
    expect(scan).toMatchObject({ text: 'crème', aim: ']Q2', symbology: 'QR', source: 'serial' });
    expect([...(scan?.bytes ?? [])]).toEqual([0x63, 0x72, 0xe8, 0x6d, 0x65]);
  });

  it('are forgotten when the line is cut in their middle', () => {
    const decoder = createSerialDecoder({ terminator: 'auto', idleGapMs: 60 });
    decoder.take({ bytes: encode('40063'), at: 0 });
    expect(decoder.reset()).toBe(true);
    expect(texts([...decoder.take({ bytes: encode('96385074\r'), at: 1 }).scans])).toEqual(['96385074']);
  });

  it('are not noise without an end', () => {
    const decoder = createSerialDecoder({ terminator: 'auto', idleGapMs: 60 });
    const noise = decoder.take({ bytes: new Uint8Array(20_000).fill(0x80), at: 0 });
    expect(noise).toMatchObject({ scans: [], dropped: true });
    expect(decoder.take({ bytes: encode('\r96385074\r'), at: 1 }).scans).toMatchObject([
      { text: '96385074' }
    ]);
  });
});

describe('serial scans, however they are cut', () => {
  const code = fc.oneof(fc.constantFrom(...codes), fc.constantFrom('crème brûlée', '抹茶 300 g', '€ 5'));
  const end = fc.constantFrom('\r', '\n', '\r\n');

  it('any chunking gives the same scans, inside CRLF and inside a character too', () => {
    fc.assert(
      fc.property(
        fc.array(code, { minLength: 1, maxLength: 6 }),
        end,
        fc.array(fc.tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: 0, max: 59 }))),
        (sent, ending, cuts) => {
          const stream = encode(sent.map((text) => text + ending).join(''));
          const chunks: Chunk[] = [];
          let from = 0;
          let at = 0;
          for (const [length, gap] of cuts) {
            chunks.push({ bytes: stream.subarray(from, from + length), at: (at += gap) });
            from += length;
          }
          chunks.push({ bytes: stream.subarray(from), at });
          const terminators = { '\r': 'cr', '\n': 'lf', '\r\n': 'crlf' } as const;
          expect(texts(play(chunks))).toEqual(sent);
          expect(texts(play(chunks, { terminator: terminators[ending] }))).toEqual(sent);
        }
      ),
      { numRuns: 500 }
    );
  });

  it('random bytes never throw, and the next scan is clean', () => {
    const chunk = fc.record({ bytes: fc.uint8Array({ maxLength: 200 }), gap: fc.nat(700) });
    const terminator = fc.constantFrom('auto', 'cr', 'lf', 'crlf', 'tab', 'none' as const);
    fc.assert(
      fc.property(fc.array(chunk), terminator, (noise, ending) => {
        const decoder = createSerialDecoder({ terminator: ending, idleGapMs: 60 });
        let at = 0;
        for (const { bytes, gap } of noise) decoder.take({ bytes, at: (at += gap) });
        const clean = encode('4006381333931');
        const scans = decoder.take({ bytes: clean, at: at + 2000 }).scans.slice(-1);
        expect(scans.every(({ text }) => text !== '4006381333931')).toBe(true);
        expect(texts([...decoder.tick(at + 9000).scans])).toEqual(['4006381333931']);
      }),
      { numRuns: 500 }
    );
  });
});
