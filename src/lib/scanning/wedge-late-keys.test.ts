import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KeyFact } from './keystroke';
import { vectors } from './vectors.fixture';
import { createWedgeDecoder } from './wedge-decoder';
import { type WedgeContext } from './wedge-run';
import { inField, nowhere, paying, typed } from './wedge-keys.fixture';
import { defaultWedgeSettings, type WedgeSettings } from './wedge-settings';

const codes = [...vectors.paymentCodes, ...vectors.notPaymentCodes].map(({ text }) => text);

/** Each key is handed on later than it was pressed; meanwhile the time is told, as by a timer that is punctual. */
function playLate({
  keys,
  lateMs,
  settings,
  context
}: {
  readonly keys: readonly KeyFact[];
  readonly lateMs: readonly number[];
  readonly settings: Partial<WedgeSettings>;
  readonly context: WedgeContext;
}): readonly string[] {
  const decoder = createWedgeDecoder({ settings: { ...defaultWedgeSettings, ...settings } });
  const texts: string[] = [];
  let now = 0;
  let wakeAt: number | null = null;
  const hear = ({ scans, wakeAt: next }: ReturnType<typeof decoder.tick>): void => {
    texts.push(...scans.map(({ text }) => text));
    wakeAt = next;
  };
  for (const [index, key] of keys.entries()) {
    now = Math.max(now, key.at + (lateMs[index % lateMs.length] ?? 0));
    if (wakeAt !== null && wakeAt <= now) hear(decoder.tick(wakeAt));
    hear(decoder.take(key, context));
  }
  hear(decoder.tick(now + 5000));
  return texts;
}

describe('keys that a busy computer hands on late', () => {
  it('are one scan on a register whose scanner ends its codes with Enter or Tab', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...codes),
        fc.constantFrom(5, 10, 30, 80, 100),
        fc.constantFrom('Enter' as const, 'Tab' as const),
        fc.constantFrom(nowhere, inField, paying),
        fc.array(fc.integer({ min: 0, max: 700 }), { minLength: 1, maxLength: 12 }),
        (text, gapMs, end, context, lateMs) => {
          const terminator = end === 'Enter' ? ('enter' as const) : ('tab' as const);
          const settings = { maxGapMs: Math.max(50, gapMs * 1.5), terminator };
          const keys = typed({ text, gapMs, end });
          expect(playLate({ keys, lateMs, settings, context })).toEqual([text]);
        }
      ),
      { numRuns: 300 }
    );
  });

  it('end all the same when no terminator comes, a second later', () => {
    const decoder = createWedgeDecoder({
      settings: { ...defaultWedgeSettings, maxGapMs: 30, terminator: 'enter' }
    });
    for (const key of typed({ text: '4006381333931', gapMs: 10 })) decoder.take(key, nowhere);
    expect(decoder.tick(120 + 900).scans).toEqual([]);
    expect(decoder.tick(120 + 1100).scans).toMatchObject([{ text: '4006381333931' }]);
  });

  it('are parted where the scanner itself paused', () => {
    const decoder = createWedgeDecoder({
      settings: { ...defaultWedgeSettings, maxGapMs: 30, terminator: 'enter' }
    });
    const first = typed({ text: '4006381333931', gapMs: 10 });
    const second = typed({ text: '96385074', gapMs: 10, end: 'Enter' }).map((key) => ({
      ...key,
      at: key.at + 600
    }));
    const scans = [...first, ...second].flatMap((key) => decoder.take(key, nowhere).scans);
    expect(scans.map(({ text }) => text)).toEqual(['4006381333931', '96385074']);
  });
});
