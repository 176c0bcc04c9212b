import { expect, test } from 'vitest';
import bwip from 'bwip-js/generic';
import { drawCode, drawCodes } from './draw-codes';

/** Which modules of one row are black, read back from the drawing. */
function blackOf(path: string): Set<number> {
  const black = new Set<number>();
  for (const [, from = '0', width = '0'] of path.matchAll(/M(\d+) \d+h(\d+)/g)) {
    for (let x = Number(from); x < Number(from) + Number(width); x += 1) black.add(x);
  }
  return black;
}

test('the bars of the drawing are the bars that Code 128 asks for, behind a quiet zone of ten modules', async () => {
  const { bars } = await drawCodes('T1-0042');
  const [symbol] = bwip.raw('code128', 'T1-0042', '');
  const widths = symbol !== undefined && 'sbs' in symbol ? symbol.sbs : [];
  const wanted = new Set<number>();
  let at = 10;
  widths.forEach((width, index) => {
    if (index % 2 === 0) for (let x = at; x < at + width; x += 1) wanted.add(x);
    at += width;
  });
  expect(widths.length).toBeGreaterThan(40);
  expect(blackOf(bars.path)).toEqual(wanted);
  expect(bars.width).toBe(at + 10);
});

test('the QR code is square and keeps its quiet zone', async () => {
  const { square } = await drawCodes('T1-0042');
  expect(square.width).toBe(square.height);
  expect(square.path.startsWith('M')).toBe(true);
});

test('the bars of a badge, a pixel each, fit on a card of the usual size with their quiet zone', async () => {
  const cardPx = (85.6 / 25.4) * 96;
  const marginsPx = (5 / 25.4) * 96 + 2;
  for (const code of ['STAFF-WQZTMKHRVNXYWQZT', 'STAFF-1A2B3C4D5E6F7G8H', 'STAFF-0123456789012345'])
    expect((await drawCode(code, 'bars')).width).toBeLessThanOrEqual(cardPx - marginsPx);
});
