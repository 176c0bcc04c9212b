import { afterEach, beforeEach, expect, test } from 'vitest';
import { enrolRegister } from '../journal/journal.fixture';
import type { Ledger } from '../ledger/ledger';
import { newId, openShopLedger } from '../payments/shop.fixture';
import { compareRegisters } from './compare-registers';
import { addSale, at, type Sale } from './shop.fixture';

const day = '2026-11-24';
const noon = at('2026-11-24T12:00:00Z');
const registerId = 'register-1';

let ledger: Ledger;

beforeEach(async () => {
  ledger = await openShopLedger();
  await enrolRegister(ledger);
});
afterEach(() => ledger.close());

/** What the till's journal says of a payment. */
async function journaled(
  sale: Pick<Sale, 'orderId' | 'attemptId'>,
  { state = 'succeeded', amountMinor = 900 }: { state?: string | null; amountMinor?: number } = {}
): Promise<void> {
  await ledger.db
    .insertInto('journal_attempts')
    .values({
      attempt_id: sale.attemptId,
      register_id: registerId,
      epoch: 1,
      order_id: sale.orderId,
      order_revision: 3,
      amount_minor: amountMinor,
      currency: 'USD',
      code_last4: '0000',
      requested_at_ms: noon,
      business_day: day,
      seen_state: state,
      seen_version: state === null ? null : 4,
      learn_after_ms: null,
      learned_at_ms: null
    })
    .execute();
}

async function checked(items: readonly { id: string; outcome: 'same' | 'different'; difference?: string }[]) {
  const { id } = await ledger.db
    .insertInto('reconciliations')
    .values({
      day,
      started_at_ms: noon,
      started_by: 'till',
      scheduled: 1,
      ended_at_ms: noon,
      total: items.length,
      lease_owner: null,
      lease_until_ms: null
    })
    .returning('id')
    .executeTakeFirstOrThrow();
  for (const item of items) {
    await ledger.db
      .insertInto('reconciliation_items')
      .values({
        reconciliation_id: id,
        subject: 'attempt',
        subject_id: item.id,
        due_at_ms: noon,
        tries: 1,
        outcome: item.outcome,
        difference: item.difference ?? null
      })
      .execute();
  }
}

async function compared() {
  const { registers, checkedAt } = await compareRegisters({ ledger, day });
  const [register] = registers;
  if (register === undefined) throw new Error('no register');
  return { ...register, checkedAt };
}

test('a payment that journal, ledger and wallet know alike counts three times the same, and differs nowhere', async () => {
  const sale = await addSale({ ledger, atMs: noon });
  await journaled(sale);
  expect(await compared()).toMatchObject({ checkedAt: null, gateway: { count: 0, sumMinor: 0 } });
  await checked([{ id: sale.attemptId, outcome: 'same' }]);
  const all = { count: 1, sumMinor: 900 };
  expect(await compared()).toMatchObject({
    code: 'T1',
    journal: all,
    ledger: all,
    gateway: all,
    differences: []
  });
});

test.each([null, 'failed'])(
  'a payment of the ledger that the till did not see paid (%s) is named, and counts in the ledger alone',
  async (state) => {
    const sale = await addSale({ ledger, atMs: noon });
    await journaled(sale, { state });
    const { journal, ledger: own, differences } = await compared();
    expect([journal, own]).toEqual([
      { count: 0, sumMinor: 0 },
      { count: 1, sumMinor: 900 }
    ]);
    expect(differences).toMatchObject([{ kind: 'not_in_journal', number: sale.number, amountMinor: 900 }]);
  }
);

test('what the till saw paid and the ledger has otherwise, or not at all, is named', async () => {
  const failed = await addSale({ ledger, atMs: noon, attempt: { state: 'failed' } });
  await journaled(failed);
  await journaled({ orderId: newId(), attemptId: newId() }, { amountMinor: 500 });
  const { journal, ledger: own, differences } = await compared();
  expect([journal, own]).toEqual([
    { count: 2, sumMinor: 1400 },
    { count: 0, sumMinor: 0 }
  ]);
  expect(differences.map(({ kind, text, amountMinor }) => [kind, text, amountMinor]).toSorted()).toEqual([
    ['not_in_ledger', '', 500],
    ['not_in_ledger', 'failed', 900]
  ]);
});

test('another amount in the journal, and what the wallet said otherwise, are named', async () => {
  const one = await addSale({ ledger, atMs: noon });
  const other = await addSale({ ledger, atMs: noon + 1 });
  await journaled(one, { amountMinor: 800 });
  await journaled(other);
  await checked([
    { id: one.attemptId, outcome: 'same' },
    { id: other.attemptId, outcome: 'different', difference: 'the wallet has 700' }
  ]);
  const { journal, ledger: own, gateway, differences } = await compared();
  expect([journal.sumMinor, own.sumMinor, gateway.sumMinor]).toEqual([1700, 1800, 900]);
  expect(differences).toMatchObject([
    { kind: 'amount', text: '800', number: one.number },
    { kind: 'gateway', text: 'the wallet has 700', number: other.number }
  ]);
});

test('entries that break a rule, a chain that stands still and what still waits are said', async () => {
  await ledger.db
    .insertInto('journal_heads')
    .values({
      register_id: registerId,
      epoch: 1,
      seq: 6,
      hash: 'a'.repeat(64),
      waiting: 4,
      received_at_ms: noon,
      stopped_seq: 7,
      stopped_reason: 'wrong_hash',
      stopped_at_ms: noon
    })
    .execute();
  await ledger.db
    .insertInto('journal_entries')
    .values({
      register_id: registerId,
      epoch: 1,
      seq: 5,
      kind: 'order_event',
      order_id: null,
      business_day: day,
      hash: 'b'.repeat(64),
      raw: '{}',
      received_at_ms: noon,
      question: 'Cola has another price in the catalogue'
    })
    .execute();
  const { waiting, differences } = await compared();
  expect(waiting).toBe(4);
  expect(differences.map(({ kind, text }) => [kind, text])).toEqual([
    ['stopped', 'entry 1/7'],
    ['questioned', 'Cola has another price in the catalogue']
  ]);
});

test('payments of another day, and a retired till that sold nothing, are not shown', async () => {
  const sale = await addSale({ ledger, atMs: at('2026-11-25T04:30:00Z') });
  await journaled(sale, { state: null });
  expect(await compared()).toMatchObject({ ledger: { count: 0 }, differences: [] });
  await ledger.db.updateTable('registers').set({ retired_at_ms: noon }).execute();
  expect((await compareRegisters({ ledger, day })).registers).toEqual([]);
});
