import { afterEach, describe, expect, it } from 'vitest';
import { openLedger, type Ledger } from '$lib/server/ledger/ledger';
import { StartRefused } from './start-refused';
import { stampMode } from './stamp';

let ledger: Ledger | undefined;
afterEach(async () => {
  await ledger?.close();
});

async function fresh(): Promise<Ledger> {
  ledger = await openLedger({ path: ':memory:', now: () => 1_700_000_000_000 });
  return ledger;
}

describe('stampMode', () => {
  it('stamps a new database and lets the same mode in again', async () => {
    const open = await fresh();
    await stampMode({ ledger: open, mode: 'training' });
    await stampMode({ ledger: open, mode: 'training' });
    const rows = await open.db.selectFrom('stamp').selectAll().orderBy('key').execute();
    expect(rows).toEqual([
      { key: 'created_at_ms', value: '1700000000000' },
      { key: 'mode', value: 'training' }
    ]);
  });

  it.each([
    ['training', 'live'],
    ['live', 'training']
  ] as const)('refuses a %s database in %s mode with a sentence that names the file', async (first, then) => {
    const open = await fresh();
    await stampMode({ ledger: open, mode: first });
    const refusal = await stampMode({ ledger: open, mode: then }).catch((error: unknown) => error);
    expect(refusal).toBeInstanceOf(StartRefused);
    expect(String(refusal)).toContain(`belongs to ${first} mode`);
    expect(String(refusal)).toContain(open.path);
  });
});
