import { createHash } from 'node:crypto';
import { expect, test } from 'vitest';
import { openLedger } from '../ledger/ledger';
import { createPins } from './pins';

test('the first tries of a PIN, all at once, are counted together', async () => {
  const ledger = await openLedger({ path: ':memory:', now: () => 1_000_000 });
  const pins = createPins({
    ledger,
    key: Buffer.alloc(32, 7),
    digest: async (pin, salt) => createHash('sha256').update(salt).update(pin).digest()
  });
  await pins.set({ staffId: 'rosa', pin: '4711' });
  const attempt = (pin: string) => pins.verify({ staffId: 'rosa', registerId: 'r1', pin, leastDigits: 4 });
  // a connection for each, so that none waits for one
  await Promise.all([pins.lengths(), pins.lengths(), pins.lengths()]);
  await Promise.all(['0001', '0002', '0003'].map(attempt));
  expect(await attempt('4711')).toEqual({ ok: false, reason: 'too_many_tries', waitMs: 5_000 });
  await ledger.close();
});
