import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { MoveCash } from '$lib/wire/cash';
import { moveCash } from '../cash/move-cash';
import type { Ledger } from '../ledger/ledger';
import { newId, openShopLedger } from '../payments/shop.fixture';
import {
  enrolRegister,
  journalSender as sender,
  writtenJournal,
  type WrittenJournal
} from './journal.fixture';
import { receiveJournal } from './receive';

const start = Date.UTC(2026, 10, 24, 9);
const hour = 60 * 60 * 1000;
let ledger: Ledger;
let journal: WrittenJournal;

beforeEach(async () => {
  ledger = await openShopLedger({ now: () => start });
  await enrolRegister(ledger);
  journal = writtenJournal();
});
afterEach(() => ledger.close());

function moved(change: Partial<MoveCash> = {}): MoveCash {
  return {
    movementId: newId(),
    kind: 'pay_out',
    amountMinor: 500,
    currency: 'USD',
    why: 'Window cleaner',
    at: new Date(start - hour).toISOString(),
    by: { staffId: 'rosa', name: 'Rosa' },
    ...change
  };
}
function send(sentAtMs = start) {
  const batch = { epoch: 1, entries: [...journal.entries], waiting: journal.entries.length, sentAtMs };
  return receiveJournal({ ledger, sender, batch, graceMs: 45_000 });
}
const movements = () => ledger.db.selectFrom('cash_movements').selectAll().orderBy('amount_minor').execute();

describe('cash that a journal tells of', () => {
  test('counts in the drawer though its own request never arrived', async () => {
    await journal.write('cash_moved', null, moved());
    await send();
    expect(await movements()).toMatchObject([
      { kind: 'pay_out', amount_minor: 500, register_id: sender.registerId, business_day: '2026-11-24' }
    ]);
  });

  test('is one movement with the request that told of it, whichever came first', async () => {
    const [first, second] = [moved({ amountMinor: 100 }), moved({ amountMinor: 200 })];
    await moveCash({ ledger, sender, request: first });
    await journal.write('cash_moved', null, first);
    await journal.write('cash_moved', null, second);
    await send();
    expect(await moveCash({ ledger, sender, request: second })).toEqual({ ok: true });
    expect(await movements()).toMatchObject([{ amount_minor: 100 }, { amount_minor: 200 }]);
  });

  test('that is not what came before is put before a person, and the rest of the journal goes on', async () => {
    const first = moved();
    await moveCash({ ledger, sender, request: first });
    await journal.write('cash_moved', null, { ...first, amountMinor: 900 });
    await journal.write('cash_moved', null, { odd: true });
    const { standing } = await send();
    expect(standing).toMatchObject({ lastSeq: 2, stopped: null });
    expect(await movements()).toMatchObject([{ amount_minor: 500 }]);
    const tasks = await ledger.db.selectFrom('tasks').select('text').orderBy('id').execute();
    expect(tasks.map(({ text }) => text)).toEqual([
      expect.stringContaining('this cash is known with another amount'),
      expect.stringContaining('cash that this version of Till does not know')
    ]);
  });

  test('of a till whose clock is a day ahead or behind lies in the drawer of the day on which it was moved', async () => {
    for (const aheadMs of [26 * hour, -26 * hour]) {
      const at = new Date(start - hour + aheadMs).toISOString();
      await moveCash({ ledger, sender: { registerId: 'r', aheadMs }, request: moved({ at }) });
    }
    const days = (await movements()).map(({ business_day }) => business_day);
    expect(days).toEqual(['2026-11-24', '2026-11-24']);
  });
});
