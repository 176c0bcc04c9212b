/** A stand's scanner and a camera read what lies before them again and again: that alone is nobody's wish to pay. */
import { describe, expect, it } from 'vitest';
import { createScan, type ScanSource } from '$lib/scanning/scan';
import { refusal, settle } from './fakes';
import type { Register } from './register.svelte';
import { code, cola, gum, registerBench } from './register-bench.fixture';
import type { RegisterSettings } from './settings';

const bench = registerBench();
const { open, scan } = bench;

/** What a wallet shows next, or beside the first one. */
const nextCode = '281234567890120009';

interface Reader {
  readonly named: string;
  readonly place: RegisterSettings['scannerPlace'];
  readonly source: ScanSource;
}
const stand: Reader = { named: 'a scanner on a stand', place: 'stand', source: 'hid' };
const camera: Reader = { named: 'a camera', place: 'hand', source: 'camera' };
const readers = [
  stand,
  { named: 'a scanner of which nobody said where it is', place: null, source: 'wedge' },
  camera
] as const;

async function openWith({ place }: Reader): Promise<Register> {
  const register = await open();
  register.saveSettings({ scannerPlace: place });
  return register;
}

/** Reads one after the other, 400 ms apart. */
async function read(register: Register, { source }: Reader, ...texts: string[]): Promise<void> {
  for (const text of texts) {
    register.takeScan(createScan({ text, source, at: bench.clock.monotonic() }));
    await bench.clock.turn(400);
  }
}

describe.each(readers)('a phone before $named', (reader) => {
  it('is not the second scan that is asked for, however long it lies there', async () => {
    const register = await openWith(reader);
    await scan(register, cola);
    await read(register, reader, code);
    expect(register.screen).toMatchObject({ state: 'ready', ask: 'once_more', amountMinor: 250 });
    await read(register, reader, code, code, code, code, code, code);
    expect(bench.server.requests).toEqual([]);
    expect(register.screen).toMatchObject({ state: 'ready', ask: 'show_again', amountMinor: 250 });
  });

  it('pays when it was taken away and is shown again', async () => {
    const register = await openWith(reader);
    await scan(register, cola);
    await read(register, reader, code, code);
    await bench.clock.turn(1200);
    await read(register, reader, code);
    expect(bench.server.requests).toHaveLength(1);
  });

  it('pays by its first read where somebody pressed Charge', async () => {
    const register = await openWith(reader);
    await scan(register, cola);
    register.charge();
    await read(register, reader, code, code);
    expect(bench.server.requests).toHaveLength(1);
  });

  it('is still there when goods are read between, and when it shows another code', async () => {
    const register = await openWith(reader);
    await scan(register, cola);
    await read(register, reader, code, gum, code, nextCode, code, nextCode);
    expect(bench.server.requests).toEqual([]);
    expect(register.screen).toMatchObject({ state: 'ready', ask: 'show_again', amountMinor: 350 });
  });

  it('that lay there before the goods opens no stage, and pays nothing after Charge', async () => {
    const register = await openWith(reader);
    await read(register, reader, code, code);
    expect(register.notice).toBe('nothing_to_charge');
    await scan(register, cola);
    await read(register, reader, code, code);
    expect(register.mode).toBe('selling');
    register.charge();
    await read(register, reader, code, code);
    expect(bench.server.requests).toEqual([]);
    expect(register.screen).toMatchObject({ state: 'ready', ask: 'show_again' });
  });

  it('pays once: what ended without money is not asked for by the code that still lies there', async () => {
    bench.server.onRequest = () => refusal('code_used');
    const register = await openWith(reader);
    await scan(register, cola);
    register.charge();
    for (let ms = 0; ms < 8000; ms += 400) await read(register, reader, code);
    expect(bench.server.requests).toHaveLength(1);
    expect(register.screen?.state, 'what it came to stays in sight').toBe('code_used');
    // a fresh one was asked for
    await read(register, reader, nextCode);
    expect(bench.server.requests).toHaveLength(2);
  });

  it('that is read while somebody counts cash closes that, and pays nothing', async () => {
    const register = await openWith(reader);
    await scan(register, cola);
    register.charge();
    await settle();
    register.till.open();
    await read(register, reader, code, code, code);
    expect(register.cash).toBeNull();
    expect(bench.server.requests).toEqual([]);
    register.till.open();
    await read(register, reader, code, code);
    expect(register.cash, 'known by now, it is in nobody’s way').not.toBeNull();
  });

  it('hides nothing else that was said', async () => {
    const register = await openWith(reader);
    await scan(register, cola);
    await read(register, reader, code, 'wxp://f2f0abc', code);
    expect(register.screen?.state).toBe('merchant_code');
  });
});

it('a scanner in the hand is not slowed down: its second read counts at once', async () => {
  const register = await openWith({ ...stand, place: 'hand' });
  await scan(register, cola);
  await read(register, stand, code, code);
  expect(bench.server.requests).toHaveLength(1);
});
