import { describe, expect, it } from 'vitest';
import { createCodesRead, createReadTwice } from './read-twice';
import { createScan, type ScanSource } from './scan';

function reads(...scans: readonly [text: string, at: number, source?: ScanSource][]): boolean[] {
  const { isAgain } = createReadTwice();
  return scans.map(([text, at, source = 'camera']) => isAgain(createScan({ text, at, source })));
}

describe('a code that comes again', () => {
  it('is the same piece while it lies there, however long', () => {
    expect(reads(['can', 0], ['can', 1000], ['can', 2000], ['can', 3500])).toEqual([false, true, true, true]);
  });

  it('is another piece after a pause, or after something else', () => {
    expect(reads(['can', 0], ['can', 1501])).toEqual([false, false]);
    expect(reads(['can', 0], ['gum', 300], ['can', 600])).toEqual([false, false, false]);
  });

  it('by another road is not its repeat', () => {
    expect(reads(['can', 0, 'camera'], ['can', 900, 'hid'])).toEqual([false, false]);
  });
});

describe('a payment code that comes again', () => {
  const coming = (text: string, at: number, source: ScanSource = 'hid') => createScan({ text, at, source });

  it('is still there, also between others, by whatever scanner, and in another form', () => {
    const { isStillThere } = createCodesRead();
    expect(isStillThere(coming('bars', 0))).toBe(false);
    expect(isStillThere(coming('square', 400)), 'two on one screen').toBe(true);
    expect(isStillThere(coming('bars', 1400))).toBe(true);
    expect(isStillThere(coming('bars', 2900, 'wedge'))).toBe(true);
    expect(isStillThere(coming('bars', 4401)), 'taken away').toBe(false);
  });

  it('after one that was sent is a fresh one, but that one is still itself', () => {
    const { isStillThere, sent } = createCodesRead();
    isStillThere(coming('first', 0));
    sent(coming('first', 0));
    expect(isStillThere(coming('first', 500))).toBe(true);
    expect(isStillThere(coming('fresh', 900))).toBe(false);
    expect(isStillThere(coming('fresh', 1300))).toBe(true);
  });
});
