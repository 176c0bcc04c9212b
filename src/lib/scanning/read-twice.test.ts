import { describe, expect, it } from 'vitest';
import { createReadTwice } from './read-twice';
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
