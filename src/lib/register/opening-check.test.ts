import { describe, expect, it } from 'vitest';
import { gradesOf, judgeOpening, type HeardOpening, type OpeningFindings } from './opening-check';

const nowMs = Date.parse('2026-11-25T08:00:00Z');
const keyboard = { road: 'wedge', state: { state: 'ready' } } as const;
const usb = { road: 'hid', state: { state: 'ready' } } as const;
const kept = { persisted: true, freeBytes: 5_000_000_000 };

function heard(change: Partial<HeardOpening['opening']> = {}, heardAtMs = nowMs + 400): HeardOpening {
  return { opening: { nowMs, gateway: 'ok', gatewayClockOffMs: 900, ...change }, heardAtMs };
}
const fine = { heard: heard(), scanners: [keyboard, usb], soundOn: true, room: kept };

function things(found: OpeningFindings, grade: string): string[] {
  return gradesOf(found)
    .filter((one) => one.grade === grade)
    .map(({ thing }) => thing);
}

describe('the opening check', () => {
  it('finds nothing where everything answers and keeps', () => {
    const found = judgeOpening(fine);
    expect(found).toEqual({
      gateway: 'good',
      clock: 'good',
      scanner: 'good',
      sound: 'good',
      storage: 'good',
      clockOffMs: 400
    });
    expect(things(found, 'good')).toEqual(['gateway', 'clock', 'scanner', 'sound', 'storage']);
  });

  it('tells a gateway that is silent from one that refuses this shop', () => {
    expect(judgeOpening({ ...fine, heard: heard({ gateway: 'unreachable' }) }).gateway).toBe('unreachable');
    const refused = judgeOpening({ ...fine, heard: heard({ gateway: 'refused' }) });
    expect(refused.gateway).toBe('refused');
    expect(things(refused, 'bad')).toEqual(['gateway']);
  });

  it("tells the tablet's clock from the server's, and lets a second or two pass", () => {
    expect(judgeOpening({ ...fine, heard: heard({}, nowMs - 12 * 60_000) })).toMatchObject({
      clock: 'tablet_off',
      clockOffMs: -12 * 60_000
    });
    expect(judgeOpening({ ...fine, heard: heard({ gatewayClockOffMs: 180_000 }) })).toMatchObject({
      clock: 'server_off',
      clockOffMs: -180_000
    });
    expect(judgeOpening({ ...fine, heard: heard({ gatewayClockOffMs: null }, nowMs + 59_000) }).clock).toBe(
      'good'
    );
  });

  it('says of gateway and clock that they are asked, or that Till gave no answer', () => {
    const asking = judgeOpening({ ...fine, heard: 'asking' });
    expect([asking.gateway, asking.clock]).toEqual(['asking', 'asking']);
    expect(things(asking, 'asking')).toEqual(['gateway', 'clock']);
    const silent = judgeOpening({ ...fine, heard: null });
    expect([silent.gateway, silent.clock]).toEqual(['no_till', 'no_till']);
  });

  it('names the scanner that needs somebody before any other, and never calls a keyboard proven', () => {
    const lost = {
      road: 'serial',
      state: { state: 'needs_you', trouble: 'unplugged', remedy: 'retry' }
    } as const;
    expect(judgeOpening({ ...fine, scanners: [keyboard, usb, lost] }).scanner).toBe('needs_you');
    const away = {
      road: 'hid',
      state: { state: 'waiting', trouble: 'unplugged', remedy: 'plug_in', retryInMs: null }
    } as const;
    expect(judgeOpening({ ...fine, scanners: [keyboard, away] }).scanner).toBe('waiting');
    const alone = judgeOpening({ ...fine, scanners: [keyboard] });
    expect(alone.scanner).toBe('keyboard');
    expect(things(alone, 'look')).toEqual(['scanner']);
  });

  it('looks at sound and storage: locked sound, a browser that promises nothing, a disk that is nearly full', () => {
    expect(judgeOpening({ ...fine, soundOn: false }).sound).toBe('off');
    expect(judgeOpening({ ...fine, room: null }).storage).toBe('asking');
    expect(judgeOpening({ ...fine, room: { persisted: false, freeBytes: null } }).storage).toBe('not_kept');
    const full = judgeOpening({ ...fine, room: { persisted: true, freeBytes: 1_000 } });
    expect(full.storage).toBe('low');
    expect(things(full, 'bad')).toEqual(['storage']);
  });
});
