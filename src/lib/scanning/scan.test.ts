import { describe, expect, it } from 'vitest';
import { createScan, splitAim } from './scan';

describe('a scan', () => {
  it('takes off the AIM identifier and names the symbology', () => {
    const scan = createScan({ text: ']E04006381333931', source: 'wedge', at: 5 });
    expect(scan).toMatchObject({ text: '4006381333931', aim: ']E0', symbology: 'EAN-13 or UPC', at: 5 });
    expect(new TextDecoder().decode(scan.bytes)).toBe('4006381333931');
  });

  it('leaves a bracket that is data', () => {
    for (const text of [']', ']4x', ']E', 'A]E0', ']é1']) {
      expect(splitAim(text)).toEqual({ aim: null, text });
    }
  });

  it('keeps an identifier that came apart from the text, and the text as it is', () => {
    const scan = createScan({ text: ']C1 is text here', aim: ']Q1', source: 'hid', at: 0 });
    expect(scan).toMatchObject({ text: ']C1 is text here', aim: ']Q1', symbology: 'QR' });
  });

  it('has no symbology for an identifier that shops do not meet', () => {
    expect(createScan({ text: ']X0abc', source: 'serial', at: 0 })).toMatchObject({
      text: 'abc',
      symbology: null
    });
  });
});
